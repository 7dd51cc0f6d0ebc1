import { describe, expect, it } from 'vitest'
import { checkVpnConfig } from '../index.ts'

const v4 = { address: { address: '10.0.0.5', family: 1 }, prefixLength: 24 }
const v6 = { address: { address: 'fd00::5', family: 2 }, prefixLength: 64 }
const both = ['0.0.0.0/0', '::/0']

describe('checkVpnConfig, accepted families and generated default routes (oracle 2.7)', () => {
  it.each([
    { addresses: [], flags: {}, accepted: [true, false], routes: ['0.0.0.0/0'] },
    { addresses: [v4], flags: {}, accepted: [true, false], routes: ['0.0.0.0/0'] },
    // The device: fe80::/7 here; and the family of the last address alone in the next two.
    { addresses: [v6], flags: {}, accepted: [false, true], routes: ['::/0'] },
    { addresses: [v4, v6], flags: {}, accepted: [true, true], routes: both },
    { addresses: [v6, v4], flags: {}, accepted: [true, true], routes: both },
    {
      addresses: [v4, v6],
      flags: { isIPv4Accepted: true, isIPv6Accepted: true },
      accepted: [true, true],
      routes: both,
    },
    { addresses: [v4, v6], flags: { isIPv6Accepted: false }, accepted: [true, false], routes: ['0.0.0.0/0'] },
    { addresses: [v4], flags: { isIPv6Accepted: true }, accepted: [true, true], routes: both },
    { addresses: [v4], flags: { isIPv4Accepted: false }, accepted: [false, false], routes: [] },
    {
      addresses: [],
      flags: { isIPv4Accepted: false, isIPv6Accepted: true },
      accepted: [false, true],
      routes: ['::/0'],
    },
  ])('$addresses.length addresses, $flags → $routes', ({ addresses, flags, accepted, routes }) => {
    const checked = checkVpnConfig({ addresses, ...flags })
    expect([checked.acceptIPv4, checked.acceptIPv6]).toEqual(accepted)
    expect(checked.routes.map((made) => made.destination)).toEqual(routes)
    expect(checked.routes.every((made) => made.generated && !made.excluded && made.gateway === '')).toBe(true)
  })
})
