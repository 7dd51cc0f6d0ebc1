import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseProgramName, programName, programPrefix } from './program-name.ts'

const instance = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,19}$/)
const purpose = fc.record({
  role: fc.constantFrom('identity' as const, 'lock' as const, 'dns' as const, 'return-dns' as const),
  slot: fc.integer({ min: 0, max: 1295 }),
  value: fc.integer({ min: 0, max: 35 }),
})

test('a name says its purpose, fits into the kernel, and is nobody else’s', () => {
  fc.assert(
    fc.property(instance, instance, purpose, (own, other, what) => {
      const name = programName({ instance: own }, what)
      expect(name).toMatch(/^vpnext_[0-9a-z]{8}$/)
      expect(parseProgramName({ instance: own }, name)).toEqual(what)
      if (programPrefix({ instance: own }) !== programPrefix({ instance: other })) {
        expect(parseProgramName({ instance: other }, name)).toBeUndefined()
      }
    }),
  )
})

test.each([
  [{ role: 'identity', slot: 1296, value: 0 }, /^slot: /],
  [{ role: 'identity', slot: 0, value: 36 }, /^value: /],
  [{ role: 'identity', slot: -1, value: 0 }, /^slot: /],
] as const)('%j does not fit', (what, message) => {
  expect(() => programName({ instance: 'x' }, what)).toThrow(message)
})

test('other names are not ours', () => {
  for (const name of ['', 'vpnext_', 'sd_devices', `${programPrefix({ instance: 'x' })}zzzz`]) {
    expect(parseProgramName({ instance: 'x' }, name)).toBeUndefined()
  }
})
