import { expect, test } from 'vitest'

import { rehearse } from './rehearse.ts'

test('a rehearsal leaves zeros in its room and nothing elsewhere', () => {
  const bytes = new Uint8Array(200).fill(7)
  rehearse(bytes, 80)
  expect([...bytes.subarray(80, 120)]).toEqual(Array.from({ length: 40 }, () => 0))
  expect([...bytes.subarray(0, 80), ...bytes.subarray(120)].every((byte) => byte === 7)).toBe(true)
})
