import { writeFileSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'

import * as fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'

import { expectNoOpenFds } from '../test/open-fds.ts'
import { temporaryFolder } from '../test/temporary-folder.ts'
import { isCloseOnExec } from './fd-io.ts'
import { Fd } from './fd.ts'
import { declareChecked } from './libc.ts'
import { memfdSealed, readSealedMemfd } from './memfd.ts'

afterEach(expectNoOpenFds)

const createMemory = declareChecked<[name: string, flags: number]>(
  'int memfd_create(const char *, unsigned int)',
)
const control = declareChecked<[fd: number, command: number, value: number]>('int fcntl(int, int, int)')

test('what goes in comes out', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
      using fd = memfdSealed('property', bytes)
      expect(readSealedMemfd(fd, 5000)).toEqual(bytes)
    }),
    { numRuns: 30 },
  )
})

test('sealed memory cannot be changed, and is close-on-exec', () => {
  using fd = memfdSealed('fixed', Buffer.from('fixed'))
  expect(isCloseOnExec(fd)).toBe(true)
  expect(() => writeSync(fd.number, Buffer.from('x'), 0, 1, 0)).toThrow(
    expect.objectContaining({ code: 'EPERM' }),
  )
})

test('reading does not depend on the shared offset, nor move it', () => {
  using fd = memfdSealed('offset', Buffer.from('abcdef'))
  const buffer = Buffer.alloc(3)
  expect(readSync(fd.number, buffer, 0, 3, null)).toBe(0)
  expect(Buffer.from(readSealedMemfd(fd, 6)).toString()).toBe('abcdef')
  expect(readSync(fd.number, buffer, 0, 3, null)).toBe(0)
})

test('more than the limit is refused, exactly the limit is not', () => {
  using fd = memfdSealed('limit', Buffer.alloc(11))
  expect(() => readSealedMemfd(fd, 10)).toThrow('11 bytes are more than 10')
  expect(readSealedMemfd(fd, 11)).toHaveLength(11)
})

test('a file, and memory with any seal missing, are refused', () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'file')
  writeFileSync(path, 'x')
  using file = Fd.adopt(openSync(path, 'r'))
  expect(() => readSealedMemfd(file, 10)).toThrow(TypeError)
  for (const missing of [1, 2, 4, 8]) {
    using memory = Fd.adopt(createMemory('part', 3))
    control(memory.number, 1033, 0xf & ~missing)
    expect(() => readSealedMemfd(memory, 10)).toThrow('not a memfd sealed')
  }
  using whole = Fd.adopt(createMemory('whole', 3))
  control(whole.number, 1033, 0xf)
  expect(readSealedMemfd(whole, 10)).toHaveLength(0)
})
