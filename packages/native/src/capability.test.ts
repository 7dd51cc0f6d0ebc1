import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { processCapabilities } from './capability.ts'

/** The independent view: hexadecimal sets in /proc. */
function countInProc(field: string): number {
  const hex = new RegExp(`^${field}:\\t([0-9a-f]+)$`, 'm').exec(
    readFileSync('/proc/thread-self/status', 'utf8'),
  )?.[1]
  if (hex === undefined) throw new Error(`no ${field}`)
  return BigInt(`0x${hex}`).toString(2).replaceAll('0', '').length
}

test('the sets have as many members as /proc says, in order, without repetition', () => {
  const found = processCapabilities()
  expect(Object.fromEntries(Object.entries(found).map(([set, names]) => [set, names.length]))).toEqual({
    effective: countInProc('CapEff'),
    permitted: countInProc('CapPrm'),
    inheritable: countInProc('CapInh'),
    bounding: countInProc('CapBnd'),
    ambient: countInProc('CapAmb'),
  })
  expect(new Set(found.bounding).size).toBe(found.bounding.length)
  expect(found.bounding.every((name) => /^CAP_[A-Z_]+$/.test(name))).toBe(true)
})
