import { findChaCha20Poly1305 } from '@vpnext/native'

import { Arena } from '../arena/arena.ts'
import type { AeadBackend } from './aead.ts'
import type { CipherSet } from './cipher.ts'
import { countingBackend } from './counter-nonce.ts'
import { givesKnownAnswer, knownAnswers } from './known-answers.ts'
import { nodeCiphers } from './node-cipher.ts'
import { opensslCiphers } from './openssl-cipher.ts'

/**
 * The fastest implementation that gives the published results here and now: OpenSSL called directly, otherwise
 * `node:crypto`.
 *
 * @param arena where packets lie
 * @param wanted to insist on one
 * @throws Error when the one insisted on does not work
 */
export function chooseAead(arena: Arena, wanted?: AeadBackend['name']): AeadBackend {
  const functions = wanted === 'node-crypto' ? undefined : findChaCha20Poly1305()
  if (functions !== undefined && passes((memory) => opensslCiphers(functions, memory))) {
    return countingBackend('openssl', arena, opensslCiphers(functions, arena))
  }
  if (wanted === 'openssl') throw new Error('aead: no OpenSSL functions that give the published results')
  if (!passes(nodeCiphers)) throw new Error('aead: node:crypto does not give the published results')
  return countingBackend('node-crypto', arena, nodeCiphers(arena))
}

/** Tests in a small arena of its own. */
function passes(ciphersOn: (arena: Arena) => CipherSet): boolean {
  const arena = Arena.create(65536)
  const ciphers = ciphersOn(arena)
  try {
    return knownAnswers.every((answer) => givesKnownAnswer(ciphers, arena, answer))
  } catch {
    return false
  }
}
