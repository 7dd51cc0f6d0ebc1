import { expectNothingLeft, takeInventory } from '@vpnext/lab'
import { afterEach, beforeEach, describe, test } from 'vitest'
import { IdentityNetwork } from '../../test/identity-bed.ts'
import { defaultSettings } from '../index.ts'
import { identityComplianceCases, type IdentityTestBed } from './compliance.ts'
import { uidRangeIdentity } from './uid-range-identity.ts'

const uids: Readonly<Record<string, number>> = { one: 20_110_001, two: 20_110_002, stranger: 20_110_003 }
const before = takeInventory()
let network: IdentityNetwork

beforeEach(() => {
  network = new IdentityNetwork()
})
afterEach(async () => {
  await network[Symbol.asyncDispose]()
  await expectNothingLeft(before)
})

function testBed(): IdentityTestBed {
  const identity = uidRangeIdentity(defaultSettings())
  return {
    open: () => ({
      ...identity,
      closeSockets: (list) => network.namespace.run(() => identity.closeSockets(list)),
    }),
    member: (name, value) => ({ bundle: `com.example.${name}`, aliases: [], value, uids: [uids[name] ?? 0] }),
    start: (name) => network.start(['setpriv', '--reuid', String(uids[name]), '--clear-groups']),
    route: (selectors) => network.route(selectors),
    state: () => '',
  }
}

describe('identity by user', () => {
  test.each(identityComplianceCases)('$name', (each) => each.run(testBed()))
})
