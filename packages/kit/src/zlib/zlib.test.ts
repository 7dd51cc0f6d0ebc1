import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { writeZip } from './zip-writer.ts'
import { zlibNamespace } from './zlib-namespace.ts'

type Namespace = Record<string, (...args: unknown[]) => Promise<unknown>>
const zlib = zlibNamespace() as Namespace
const code = (number: number): unknown => expect.objectContaining({ code: number })

let folder: string
const at = (...parts: string[]): string => join(folder, ...parts)
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-zlib-'))
  mkdirSync(at('in', 'sub', 'empty'), { recursive: true })
  mkdirSync(at('out'))
  writeFileSync(at('in', 'a.txt'), 'text of a')
  writeFileSync(at('in', 'sub', 'b.bin'), Buffer.alloc(70_000, 7))
  symlinkSync('/etc/passwd', at('in', 'link'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('what is in a folder comes out again, and replaces what is there', async () => {
  await zlib['compressFile']?.(at('in'), at('all.zip'), { level: 9, memLevel: 8, strategy: 0 })
  writeFileSync(at('out', 'a.txt'), 'a longer text than before')
  await zlib['decompressFile']?.(at('all.zip'), at('out'))
  expect(readFileSync(at('out', 'a.txt'), 'utf8')).toBe('text of a')
  expect(readFileSync(at('out', 'sub', 'b.bin'))).toEqual(Buffer.alloc(70_000, 7))
  expect([existsSync(at('out', 'sub', 'empty')), existsSync(at('out', 'link'))]).toEqual([true, false])
  expect(await zlib['getOriginalSize']?.(at('all.zip'))).toBe(70_009)
  expect(readFileSync(at('all.zip')).length).toBeLessThan(2000)
})

test('the older names, several files, and callbacks do the same', async () => {
  await zlib['zipFile']?.(at('in', 'a.txt'), at('one.zip'), {})
  await zlib['unzipFile']?.(at('one.zip'), at('out'), {})
  expect(readFileSync(at('out', 'a.txt'), 'utf8')).toBe('text of a')
  await zlib['compressFiles']?.([at('in', 'a.txt'), at('in', 'sub')], at('two.zip'), {})
  const done = vi.fn()
  void zlib['decompressFile']?.(at('two.zip'), at('out'), {}, done)
  await vi.waitFor(() => expect(done).toHaveBeenCalledTimes(1))
  expect(readFileSync(at('out', 'b.bin')).length).toBe(70_000)
})

test('what leads outside is refused before anything is written', async () => {
  const path = at('in', 'a.txt')
  await writeZip(
    at('evil.zip'),
    [
      { name: 'good', path },
      { name: '../evil', path },
    ],
    {},
  )
  await expect(zlib['decompressFile']?.(at('evil.zip'), at('out'))).rejects.toThrow(code(900003))
  expect([existsSync(at('evil')), existsSync(at('out', 'good'))]).toEqual([false, false])
})

test('errors are those of the document', async () => {
  writeFileSync(at('no.zip'), 'no zip')
  const failing = [
    ['decompressFile', [at('no.zip'), at('out')], 900003],
    ['decompressFile', [at('absent'), at('out')], 900001],
    ['compressFile', [at('absent'), at('x.zip'), {}], 900001],
    ['compressFile', [at('in'), at('absent', 'x.zip'), {}], 900002],
  ] as const
  for (const [name, args, number] of failing)
    await expect(zlib[name]?.(...args)).rejects.toThrow(code(number))
  await zlib['compressFile']?.(at('in'), at('x.zip'), {})
  await expect(zlib['decompressFile']?.(at('x.zip'), at('absent'))).rejects.toThrow(code(900002))
  expect(() => zlib['compressFile']?.(at('in'), at('x.zip'), { level: 3 })).toThrow(code(401))
  expect(() => zlib['compressFile']?.(at('in'), at('x.zip'))).toThrow(code(401))
  expect(() => zlib['createZip']?.()).toThrow(code(801))
})

test('checksums go on from the one before', async () => {
  const sum = (await zlib['createChecksum']?.()) as Namespace
  const [first, second] = [Buffer.from('123'), Buffer.from('456789')]
  const bytes = (part: Buffer): ArrayBuffer => Uint8Array.from(part).buffer
  const crc = await sum['crc32']?.(await sum['crc32']?.(0, bytes(first)), bytes(second))
  // Check value of CRC-32, and of Adler-32 for the same text (RFC 1950).
  expect(crc).toBe(0xcbf43926)
  expect(await sum['adler32']?.(await sum['adler32']?.(1, bytes(first)), bytes(second))).toBe(0x091e01de)
  expect(await sum['getCrcTable']?.()).toHaveLength(256)
  expect(() => sum['crc32']?.(0, 'text')).toThrow(code(401))
})
