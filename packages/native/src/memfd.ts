import { fstatSync, readSync, writeSync } from 'node:fs'

import { Fd } from './fd.ts'
import { check, declareChecked, declareRaw } from './libc.ts'
import { errnoNumber } from './system-error.ts'

const createMemory = declareRaw<[name: string, flags: number]>('int memfd_create(const char *, unsigned int)')
const addSeals = declareChecked<[fd: number, command: number, seals: number]>('int fcntl(int, int, int)')
const getSeals = declareRaw<[fd: number, command: number, unused: number]>('int fcntl(int, int, int)')

const MFD_CLOEXEC = 1
const MFD_ALLOW_SEALING = 2
/** Linux 6.3. */
const MFD_NOEXEC_SEAL = 8
const F_ADD_SEALS = 1033
const F_GET_SEALS = 1034
/** F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE: nobody can change the bytes any more. */
const ALL_SEALS = 0xf
const EINVAL = errnoNumber('EINVAL')

/**
 * Anonymous memory that holds `bytes` and can never change: safe to hash, hand over, and hash again.
 *
 * @param name shown in /proc, at most 249 bytes; no secret
 * @returns close-on-exec, read offset at the end: read by position
 */
export function memfdSealed(name: string, bytes: Uint8Array): Fd {
  const flags = MFD_CLOEXEC | MFD_ALLOW_SEALING
  let result = createMemory(name, flags | MFD_NOEXEC_SEAL)
  if (result === -EINVAL) result = createMemory(name, flags)
  const fd = Fd.adopt(check(result, 'memfd_create', name))
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(fd.number, bytes, written)
    addSeals(fd.number, F_ADD_SEALS, ALL_SEALS)
    return fd
  } catch (error) {
    fd.close()
    throw error
  }
}

/**
 * The bytes of a sealed memfd that a stranger sent. Its file offset, which the stranger shares, is neither used nor
 * moved.
 *
 * @param maxBytes the largest size accepted
 * @throws TypeError when it is no memfd, or not sealed against every change
 * @throws RangeError when it is larger than `maxBytes`
 */
export function readSealedMemfd(fd: Fd, maxBytes: number): Uint8Array {
  const seals = getSeals(fd.number, F_GET_SEALS, 0)
  if (seals < 0 || (seals & ALL_SEALS) !== ALL_SEALS) {
    throw new TypeError('fd: not a memfd sealed against writing, growing, shrinking and further seals')
  }
  const { size } = fstatSync(fd.number)
  if (size > maxBytes) throw new RangeError(`fd: ${size} bytes are more than ${maxBytes}`)
  const bytes = new Uint8Array(size)
  for (let length = 0; length < size;) {
    const read = readSync(fd.number, bytes, length, size - length, length)
    if (read === 0) throw new RangeError(`fd: ended after ${length} of ${size} bytes`)
    length += read
  }
  return bytes
}
