import { check, declareRaw } from './libc.ts'
import { errnoNumber } from './system-error.ts'

const set = declareRaw<[path: string, name: string, value: Uint8Array, size: number, flags: number]>(
  'int setxattr(const char *, const char *, const void *, size_t, int)',
)
const get = declareRaw<[path: string, name: string, value: Uint8Array, size: number]>(
  'intptr_t getxattr(const char *, const char *, void *, size_t)',
)

/** XATTR_SIZE_MAX, include/uapi/linux/limits.h: bytes of a value. */
const maxSize = 64 * 1024
const ERANGE = errnoNumber('ERANGE')

/**
 * Sets an extended attribute of a file, made or replaced (setxattr(2)); a symbolic link is followed.
 *
 * @param name with its class, e.g. `user.comment`, at most 255 bytes
 * @param value at most 64 KiB; the file system may take less
 * @throws SystemError ENOENT, EOPNOTSUPP for a file system or class without attributes, ENOSPC, E2BIG, ERANGE
 */
export function setExtendedAttribute(path: string, name: string, value: Uint8Array): void {
  check(set(path, name, value, value.length, 0), 'setxattr', `${path}: ${name}`)
}

/** @returns the value of an extended attribute (getxattr(2)). @throws SystemError ENODATA when there is none of the name */
export function extendedAttribute(path: string, name: string): Uint8Array {
  const small = new Uint8Array(256)
  const length = get(path, name, small, small.length)
  if (length !== -ERANGE) return small.slice(0, check(length, 'getxattr', `${path}: ${name}`))
  const value = new Uint8Array(maxSize)
  return value.slice(0, check(get(path, name, value, value.length), 'getxattr', `${path}: ${name}`))
}
