import {
  type Address,
  addressToBytes,
  addressWidth,
  formatPrefix,
  makePrefix,
  type Prefix,
  prefixContains,
} from '@vpnext/ip'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { prefix } from '../../test/two-cores.ts'
import { AllowedIps } from './allowed-ips.ts'

/** The slow reference: a list, searched from end to end. */
class Reference {
  #entries: { prefix: Prefix; owner: number }[] = []

  add(added: Prefix, owner: number): void {
    this.#entries = this.#entries.filter((entry) => formatPrefix(entry.prefix) !== formatPrefix(added))
    this.#entries.push({ prefix: added, owner })
  }

  removeOwner(owner: number): void {
    this.#entries = this.#entries.filter((entry) => entry.owner !== owner)
  }

  lookup(address: Address): number | undefined {
    const found = this.#entries.filter((entry) => prefixContains(entry.prefix, address))
    return found.toSorted((a, b) => b.prefix.length - a.prefix.length)[0]?.owner
  }

  prefixesOf(owner: number): string[] {
    return this.#entries.filter((entry) => entry.owner === owner).map((entry) => formatPrefix(entry.prefix))
  }
}

// Few different bits, so that prefixes cover each other and lookups hit.
const address: fc.Arbitrary<Address> = fc
  .tuple(fc.constantFrom(4 as const, 6 as const), fc.nat({ max: 63 }), fc.nat({ max: 3 }))
  .map(([family, high, low]) => ({
    family,
    value: (BigInt(high) << BigInt(addressWidth(family) - 6)) | BigInt(low),
  }))
const anyPrefix = fc
  .tuple(address, fc.constantFrom(0, 1, 2, 3, 5, 6, 30, 31, 32, 126, 128))
  .map(([at, length]) => makePrefix(at, Math.min(length, addressWidth(at.family))))
const owner = fc.nat({ max: 3 })

test('finds the owner that a search through a list finds', () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ add: anyPrefix, owner }) },
    { weight: 1, arbitrary: fc.record({ remove: owner }) },
  )
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 40 }),
      fc.array(address, { minLength: 20 }),
      (steps, addresses) => {
        const table = new AllowedIps<number>()
        const reference = new Reference()
        for (const what of steps) {
          for (const each of [table, reference]) {
            if ('add' in what) each.add(what.add, what.owner)
            else each.removeOwner(what.remove)
          }
        }
        for (const each of addresses) {
          const packet = new Uint8Array([0xff, ...addressToBytes(each)])
          expect(table.lookup(each.family, packet, 1)).toBe(reference.lookup(each))
        }
        for (const each of [0, 1, 2, 3]) {
          const owned = table.prefixesOf(each).map(formatPrefix)
          expect(owned.toSorted()).toEqual(reference.prefixesOf(each).toSorted())
        }
      },
    ),
  )
})

test('a prefix given to another peer is taken from the first', () => {
  const table = new AllowedIps<string>()
  table.add(prefix('10.0.0.0/8'), 'first')
  table.add(prefix('10.0.0.0/8'), 'second')
  table.removeOwner('first')
  expect(table.lookup(4, Uint8Array.of(10, 1, 2, 3), 0)).toBe('second')
  expect([table.prefixesOf('first'), table.size]).toEqual([[], 1])
})

test('carries 130,561 prefixes', () => {
  const table = new AllowedIps<number>()
  const count = 130_561
  // An odd factor makes the addresses different and scatters them; every fourth prefix covers others.
  const at = (index: number): Prefix => {
    const value = BigInt(Math.imul(index, 0x9e3779b1) >>> 0)
    return makePrefix({ family: 4, value }, index % 4 === 0 ? 20 : 32)
  }
  const expected = new Map<string, number>()
  for (let index = 0; index < count; index += 1) {
    table.add(at(index), index % 8)
    expected.set(formatPrefix(at(index)), index % 8)
  }
  expect(table.size).toBe(expected.size)
  for (let index = 1; index < count; index += 97) {
    const each = at(index)
    if (each.length === 32) {
      expect(table.lookup(4, addressToBytes(each.address), 0)).toBe(expected.get(formatPrefix(each)))
    }
  }
  for (let owned = 0; owned < 8; owned += 1) table.removeOwner(owned)
  expect(table.size).toBe(0)
}, 30_000)
