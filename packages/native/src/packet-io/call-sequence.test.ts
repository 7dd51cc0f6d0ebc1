import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { childReport } from '../../test/run-child.ts'
import { cFunction } from '../native-thread.ts'
import { compileCallSequence } from './call-sequence.ts'
import { memoryAddress } from './memory.ts'

function routine(name: string): bigint {
  const address = cFunction(name)
  if (address === null) throw new Error(`no ${name} in this process`)
  return address
}

/** A block of 64-bit words, and bytes behind it to work on. */
function block(words: readonly bigint[]): { readonly bytes: Buffer; readonly address: number } {
  const bytes = Buffer.from(new ArrayBuffer(512))
  words.forEach((word, index) => bytes.writeBigUInt64LE(word, 8 * index))
  return { bytes, address: memoryAddress(bytes) }
}

test.runIf(process.arch === 'x64')('calls one function after the other, each with its arguments', () => {
  using sequence = compileCallSequence([
    { routine: routine('memset'), arguments: [0, 8, 16] },
    { routine: routine('memcpy'), arguments: [24, 0, 32] },
  ])
  const { bytes, address } = block([0n, 0x41n, 5n, 0n, 3n])
  bytes.writeBigUInt64LE(BigInt(address + 256), 0)
  bytes.writeBigUInt64LE(BigInt(address + 300), 24)
  sequence?.run(address)
  expect(bytes.toString('latin1', 256, 262)).toBe('AAAAA\0')
  expect(bytes.toString('latin1', 300, 304)).toBe('AAA\0')
})

test.runIf(process.arch === 'x64')('passes six arguments in their order', () => {
  const folder = mkdtempSync(join(tmpdir(), 'call-sequence-'))
  const [from, to] = [join(folder, 'from'), join(folder, 'to')]
  writeFileSync(from, 'abcdefgh')
  writeFileSync(to, '--------')
  const [source, target] = [openSync(from, 'r'), openSync(to, 'r+')]
  try {
    using sequence = compileCallSequence([
      { routine: routine('copy_file_range'), arguments: [0, 8, 16, 24, 32, 40] },
    ])
    const { bytes, address } = block([BigInt(source), 0n, BigInt(target), 0n, 3n, 0n])
    bytes.writeBigUInt64LE(BigInt(address + 256), 8)
    bytes.writeBigUInt64LE(BigInt(address + 264), 24)
    bytes.writeBigUInt64LE(2n, 256)
    bytes.writeBigUInt64LE(4n, 264)
    sequence?.run(address)
    expect(readFileSync(to, 'utf8')).toBe('----cde-')
  } finally {
    closeSync(source)
    closeSync(target)
    rmSync(folder, { recursive: true })
  }
})

test.runIf(process.arch === 'x64')('refuses what it cannot pass or hold', () => {
  const memset = routine('memset')
  const seven = { routine: memset, arguments: [0, 8, 16, 24, 32, 40, 48] }
  expect(() => compileCallSequence([seven])).toThrow(RangeError)
  expect(() =>
    compileCallSequence(Array.from({ length: 400 }, () => ({ routine: memset, arguments: [] }))),
  ).toThrow(RangeError)
})

test.runIf(process.arch === 'x64')('is not to be had where the kernel refuses to make code', async () => {
  // V8 itself must not need what is refused.
  expect(await childReport('refused-code', { nodeOptions: ['--jitless', '--no-warnings'] })).toEqual({
    before: true,
    set: 0,
    after: false,
  })
})
