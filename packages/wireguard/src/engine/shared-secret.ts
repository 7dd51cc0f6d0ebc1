import { KEY_LENGTH } from '../constants.ts'

/**
 * A key on its way to another thread: in memory that both share, so that no copy of it is left in a message. Whoever
 * takes it overwrites it.
 */
export type SharedSecret = SharedArrayBuffer

/** @param key 32 bytes, copied */
export function shareSecret(key: Uint8Array): SharedSecret {
  const shared = new SharedArrayBuffer(KEY_LENGTH)
  new Uint8Array(shared).set(key)
  return shared
}

/** Overwrites a key that nobody took. */
export function wipeShared(secret: SharedSecret): void {
  new Uint8Array(secret).fill(0)
}

/**
 * Takes a key out of shared memory, which is overwritten.
 *
 * @param use gets 32 bytes, overwritten when it returns
 */
export function takeShared<T>(secret: SharedSecret, use: (key: Uint8Array) => T): T {
  // A copy, because node:crypto wants no shared memory.
  const key = Uint8Array.from(new Uint8Array(secret))
  wipeShared(secret)
  try {
    return use(key)
  } finally {
    key.fill(0)
  }
}
