import { describe, expect, it } from 'vitest'
import { configWith, routeWith } from '../../test/configs.ts'
import { failureOf } from '../../test/failure-of.ts'
import { checkVpnConfig, checkWant } from '../index.ts'

const everything = {
  vpnId: 'a',
  addresses: [{ address: { address: '10.0.0.5', family: 1, port: 1 }, prefixLength: 24 }],
  routes: [routeWith({ isExcludedRoute: false })],
  dnsAddresses: ['1.1.1.1'],
  searchDomains: ['example.com'],
  mtu: 1400,
  isIPv4Accepted: true,
  isIPv6Accepted: false,
  isInternal: false,
  isBlocking: false,
  trustedApplications: ['com.a.b'],
  blockedApplications: [],
}

/** Counts every read by path; the second read of a path gets `later`. */
function watched(value: unknown, reads: Map<string, number>, path = 'config'): unknown {
  if (typeof value !== 'object' || value === null) return value
  return new Proxy(value, {
    get(target, key): unknown {
      const at = `${path}.${String(key)}`
      const count = (reads.get(at) ?? 0) + 1
      reads.set(at, count)
      return count === 1 ? watched(Reflect.get(target, key), reads, at) : 'changed'
    },
  })
}

describe('hostile configs', () => {
  it('are read once, property by property', () => {
    const reads = new Map<string, number>()
    expect(checkVpnConfig(watched(everything, reads))).toEqual(checkVpnConfig(everything))
    expect(reads.get('config.routes.0.destination.address.address')).toBe(1)
    expect(reads.size).toBeGreaterThan(30)
    expect([...reads].filter(([, count]) => count !== 1)).toEqual([])
  })

  it('share nothing with what is made of them', () => {
    const config = structuredClone(everything)
    const checked = checkVpnConfig(config)
    config.addresses[0] = { address: { address: '10.9.9.9', family: 1, port: 1 }, prefixLength: 8 }
    config.trustedApplications.push('com.evil')
    expect(checked).toEqual(checkVpnConfig(everything))
  })

  it.each([
    ['a revoked proxy', revoked({}), 'config'],
    ['a revoked proxy of an array', configWith({ routes: revoked([]) }), 'config.routes'],
    ['a revoked proxy as an element', configWith({ routes: [revoked({})] }), 'config.routes[0]'],
    ['a proxy that throws', new Proxy({}, { getOwnPropertyDescriptor: thrower }), 'config.vpnId'],
    ['a proxy whose prototype throws', new Proxy({}, { getPrototypeOf: thrower }), 'config.vpnId'],
    ['an endless chain of prototypes', endless(), 'config.vpnId'],
    ['an array with a length that is none', configWith({ routes: lengthy(1.5) }), 'config.routes'],
    ['an array with a negative length', configWith({ routes: lengthy(-1) }), 'config.routes'],
    [
      'an array with an infinite length',
      configWith({ routes: lengthy(Number.POSITIVE_INFINITY) }),
      'config.routes',
    ],
    ['a boxed text', configWith({ vpnId: Object('a') }), 'config.vpnId'],
    ['a boxed number', configWith({ mtu: Object(1400) }), 'config.mtu'],
    ['a bigint', configWith({ mtu: 1400n }), 'config.mtu'],
    ['a symbol', configWith({ mtu: Symbol('1400') }), 'config.mtu'],
    ['something with valueOf', configWith({ mtu: { valueOf: () => 1400 } }), 'config.mtu'],
  ])('%s: 401', (_, config, field) => {
    expect(failureOf(() => checkVpnConfig(config))).toEqual({ code: 401, field })
  })

  it('keep the error of a getter as cause, out of the JSON', () => {
    const cause = new Error('secret')
    const config = Object.defineProperty({}, 'vpnId', {
      get() {
        throw cause
      },
    })
    let error: unknown
    try {
      checkVpnConfig(config)
    } catch (caught) {
      error = caught
    }
    expect(error).toMatchObject({ code: 401, cause })
    expect(JSON.stringify(error)).not.toContain('secret')
  })

  it('may be objects of a class, with getters', () => {
    class Config {
      get addresses(): unknown {
        return everything.addresses
      }
      readonly mtu = 1300
    }
    class Derived extends Config {}
    expect(checkVpnConfig(new Derived())).toMatchObject({ mtu: 1300, addresses: [{ address: '10.0.0.5' }] })
    expect(checkVpnConfig(Object.assign(Object.create(null), everything))).toEqual(checkVpnConfig(everything))
  })

  it('take no field from a polluted Object.prototype, and pollute none', () => {
    const withIPv4 = {
      addresses: [{ address: { address: '10.0.0.5' }, prefixLength: 24 }],
      routes: [
        { destination: { address: { address: '10.0.0.0' }, prefixLength: 8 }, gateway: { address: '' } },
      ],
    }
    const parsed: unknown = JSON.parse(
      '{"addresses":[],"__proto__":{"mtu":1},"constructor":{"prototype":{"polluted":1}},"toString":5}',
    )
    const polluting = { mtu: 1300, family: 7, port: -1, isBlocking: true, isExcludedRoute: true }
    const clean = checkVpnConfig(withIPv4)
    Object.assign(Object.prototype, polluting)
    try {
      expect(checkVpnConfig(parsed)).toMatchObject({ mtu: 1500, blocking: false })
      expect(checkVpnConfig(withIPv4)).toEqual(clean)
    } finally {
      for (const key of Object.keys(polluting)) Reflect.deleteProperty(Object.prototype, key)
    }
    expect('polluted' in {}).toBe(false)
  })
})

describe('hostile Wants', () => {
  it('are read once, property by property', () => {
    const want = { bundleName: 'com.a.b', entities: ['x'], parameters: { list: [1, { a: 'b' }], flag: true } }
    const reads = new Map<string, number>()
    expect(checkWant(watched(want, reads, 'want'))).toEqual(want)
    expect([...reads].filter(([, count]) => count !== 1)).toEqual([])
  })

  it('pollute nothing', () => {
    const want: unknown = JSON.parse('{"parameters":{"a":{"__proto__":{"polluted":1}}}}')
    expect(failureOf(() => checkWant(want))).toEqual({ code: 401, field: 'want.parameters.a.__proto__' })
    expect('polluted' in {}).toBe(false)
  })
})

function thrower(): never {
  throw new Error('trap')
}

function revoked(target: object): unknown {
  const { proxy, revoke } = Proxy.revocable(target, {})
  revoke()
  return proxy
}

function endless(): object {
  return new Proxy({}, { getPrototypeOf: () => endless() })
}

function lengthy(length: number): unknown {
  return new Proxy([], {
    get: (target, key): unknown => (key === 'length' ? length : Reflect.get(target, key)),
  })
}
