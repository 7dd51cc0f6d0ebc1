import { describe, expect, it } from 'vitest'
import { failureOf } from '../../test/failure-of.ts'
import { addressVectors } from '../../test/vectors/address-vectors.ts'
import { optionVectors } from '../../test/vectors/option-vectors.ts'
import { routeVectors } from '../../test/vectors/route-vectors.ts'
import { checkVpnConfig } from '../index.ts'

describe('checkVpnConfig, vectors of the device', () => {
  it.each([...addressVectors, ...routeVectors, ...optionVectors])('$name', ({ config, expected }) => {
    expect(failureOf(() => checkVpnConfig(config)) ?? 'ok').toEqual(expected)
  })

  it('looks at the fields in the order of the device', () => {
    const broken = {
      vpnId: 1,
      addresses: 1,
      routes: 1,
      dnsAddresses: 1,
      searchDomains: 1,
      mtu: '1',
      isIPv4Accepted: 1,
      isIPv6Accepted: 1,
      isInternal: 1,
      isBlocking: 1,
      trustedApplications: 1,
      blockedApplications: 1,
    }
    const order: string[] = []
    const config: Record<string, unknown> = { ...broken }
    for (let failure = failureOf(() => checkVpnConfig(config)); failure?.field !== undefined;) {
      const name = failure.field.replace('config.', '')
      order.push(name)
      if (name === 'addresses') config[name] = []
      else delete config[name]
      failure = failureOf(() => checkVpnConfig(config))
    }
    expect(order).toEqual(Object.keys(broken))
  })
})
