import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { slowSum } from '../../test/slow-packets.ts'
import { Arena } from './arena.ts'
import { scriptSumKernel, type SumKernel, wasmSumKernel } from './sum-kernel.ts'
import { webAssembly } from './web-assembly.ts'

const size = 4 * 65536

function memory(kind: 'wasm' | 'script'): { bytes: Uint8Array; kernel: SumKernel } {
  if (webAssembly === undefined) throw new Error('no WebAssembly')
  const pages = new webAssembly.Memory({ initial: 4, maximum: 4 })
  const bytes = new Uint8Array(pages.buffer)
  const kernel = kind === 'wasm' ? wasmSumKernel(pages) : scriptSumKernel(bytes)
  if (kernel === undefined) throw new Error('no kernel')
  return { bytes, kernel }
}

describe.each(['wasm', 'script'] as const)('%s', (kind) => {
  test('sums like RFC 1071 word by word, at any offset and length', () => {
    const { bytes, kernel } = memory(kind)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(70), (content, offset) => {
        bytes.set(content, offset)
        expect(kernel.sum(offset, content.length)).toBe(slowSum(content))
      }),
    )
  })

  test('copies while summing, and changes nothing beside the target', () => {
    const { bytes, kernel } = memory(kind)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(70), fc.nat(70), (content, from, to) => {
        bytes.fill(0xaa, 2000, 3000)
        bytes.set(content, from)
        expect(kernel.copySum(2100 + to, from, content.length)).toBe(slowSum(content))
        const end = 2100 + to + content.length
        expect(Buffer.compare(bytes.subarray(2100 + to, end), content)).toBe(0)
        expect(
          [...bytes.subarray(2000, 2100 + to), ...bytes.subarray(end, 3000)].every((byte) => byte === 0xaa),
        ).toBe(true)
      }),
    )
  })

  test('sums 128 KiB of ones without an overflow', () => {
    const { bytes, kernel } = memory(kind)
    bytes.fill(0xff)
    bytes[77] = 0xfe
    expect(kernel.sum(0, 131072)).toBe(slowSum(bytes.subarray(0, 131072)))
  })

  test('moves bytes towards the start over themselves', () => {
    const { bytes, kernel } = memory(kind)
    const content = Uint8Array.from({ length: 300 }, (_, index) => index * 7)
    bytes.set(content, 100)
    kernel.copySum(81, 100, 300)
    expect(Buffer.compare(bytes.subarray(81, 381), content)).toBe(0)
  })
})

test('an arena gives out aligned pieces until it is full', () => {
  const arena = Arena.create(65536)
  expect(arena.allocate(1)).toBe(0)
  expect(arena.allocate(10)).toBe(64)
  expect(arena.allocate(2, 2)).toBe(74)
  expect(() => arena.allocate(65536)).toThrow('no room for 65536 bytes')
  expect(arena.allocate(arena.free, 1)).toBe(76)
  expect(arena.free).toBe(0)
  expect(() => Arena.create(1)).toThrow('size')
  expect(Arena.create(size - 5).bytes.length).toBe(size)
})
