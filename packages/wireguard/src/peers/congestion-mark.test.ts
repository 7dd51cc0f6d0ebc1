import { Arena, internetChecksum } from '@vpnext/packet'
import { expect, test } from 'vitest'
import { passMarkOn } from './congestion-mark.ts'

const arena = Arena.create()
const at = arena.allocate(40)

/** The first two bytes of a packet before and after. @param first version and what is above the two bits */
function marked(first: number): { after: number; rest: Uint8Array } {
  const { bytes, view } = arena
  for (let index = 0; index < 40; index++) bytes[at + index] = 17 * index
  view.setUint16(at, first)
  view.setUint16(at + 10, 0)
  view.setUint16(at + 10, internetChecksum(arena.slice(at, 20)))
  passMarkOn(arena, at)
  return { after: view.getUint16(at), rest: arena.slice(at, 40).slice() }
}

test('only who knows of congestion is told, and the checksum stays right', () => {
  for (const [before, after] of [
    [0x4500, 0x4500],
    [0x45b9, 0x45bb],
    [0x45ba, 0x45bb],
    [0x4503, 0x4503],
  ] as const) {
    const { after: is, rest } = marked(before)
    expect([is, internetChecksum(rest.subarray(0, 20))]).toEqual([after, 0])
  }
})

test('IPv6 has the two bits elsewhere, and no checksum', () => {
  for (const [before, after] of [
    [0x6bcf, 0x6bcf],
    [0x6b9f, 0x6bbf],
    [0x6baf, 0x6bbf],
    [0x6bbf, 0x6bbf],
  ] as const) {
    const { after: is, rest } = marked(before)
    const untouched = marked(0x6000 | (before & 0xfcf)).rest
    expect(is.toString(16)).toBe(after.toString(16))
    expect(rest.subarray(12)).toEqual(untouched.subarray(12))
  }
})
