import { type Want, businessError } from '@vpnext/api'
import { describe, expect, test, vi } from 'vitest'

import { goodConfig, testKits, vpnExtensionOf } from '../../test/test-runtime.ts'
import type { Kits } from '../kits.ts'
import type { VpnConnection } from './vpn-connection.ts'

const connectionOf = (kits: Kits): VpnConnection => vpnExtensionOf(kits).createVpnConnection(kits.context)
const code = (number: number): unknown => expect.objectContaining({ code: number })

describe('createVpnConnection', () => {
  test('takes the context of the ability, and its result has no members', () => {
    const { kits } = testKits()
    expect(JSON.stringify(connectionOf(kits))).toBe('{}')
  })

  test.each([
    ['nothing', []],
    ['undefined', [undefined]],
    ['null', [null]],
    ['a look-alike', [{ filesDir: '/' }]],
    ['a copy of the context', [Object.assign({}, testKits().kits.context)]],
    ['a number', [1]],
  ])('throws 401 at once for %s', (_name, args) => {
    const { kits } = testKits()
    expect(() => vpnExtensionOf(kits).createVpnConnection(...args)).toThrow(code(401))
  })

  test('takes any context of the process, as pages have', () => {
    const { kits } = testKits()
    const application = kits.context?.getApplicationContext()
    expect(JSON.stringify(vpnExtensionOf(kits).createVpnConnection(application))).toBe('{}')
  })

  test('throws 401 for a second argument', () => {
    const { kits } = testKits()
    expect(() => vpnExtensionOf(kits).createVpnConnection(kits.context, 1)).toThrow(code(401))
  })

  test('works as the initial value of a field', () => {
    const { kits } = testKits()
    class MyVpn extends kits.baseClass {
      readonly connection = vpnExtensionOf(kits).createVpnConnection(this.context)
    }
    expect(new MyVpn().connection).toBeInstanceOf(connectionOf(kits).constructor)
  })
})

describe('start and stop', () => {
  test.each([
    ['no argument', []],
    ['null', [null]],
    ['a string', ['x']],
    ['a function', [() => undefined]],
    ['two arguments', [{}, {}]],
  ])('throw 401 at once for %s', (_name, args) => {
    const { kits } = testKits()
    for (const name of ['startVpnExtensionAbility', 'stopVpnExtensionAbility'] as const) {
      expect(() => vpnExtensionOf(kits)[name](...args)).toThrow(code(401))
    }
  })

  test('pass the Want on, and the refusal back', async () => {
    const startAbility = vi.fn((_want: Want, _fds: readonly unknown[]) =>
      Promise.reject(businessError(16000001)),
    )
    const { kits } = testKits({ startAbility, stopAbility: () => Promise.resolve() })
    await expect(vpnExtensionOf(kits).startVpnExtensionAbility({})).rejects.toEqual(code(16000001))
    expect(startAbility).toHaveBeenCalledWith({}, [])
    await expect(
      vpnExtensionOf(kits).stopVpnExtensionAbility({ abilityName: 'MyVpn' }),
    ).resolves.toBeUndefined()
  })

  test('reject without an ability in the thread, and after its end', async () => {
    const startAbility = (): Promise<void> => Promise.resolve()
    const without = testKits({ startAbility }, { ability: undefined as never }).kits
    await expect(vpnExtensionOf(without).startVpnExtensionAbility({})).rejects.toEqual(code(16000011))
    const { kits } = testKits({ startAbility })
    await expect(vpnExtensionOf(kits).startVpnExtensionAbility({})).resolves.toBeUndefined()
    kits.abilityDestroyed()
    await expect(vpnExtensionOf(kits).startVpnExtensionAbility({})).rejects.toEqual(code(16200001))
  })
})

describe('create', () => {
  test.each([
    ['no argument', []],
    ['null', [null]],
    ['a string', ['x']],
    ['a callback that is none', [goodConfig, 1]],
    ['an explicit undefined callback', [goodConfig, undefined]],
    ['three arguments', [goodConfig, () => undefined, 1]],
    ['addresses that are no list', [{ addresses: 1 }]],
    ['an mtu of the wrong type', [{ ...goodConfig, mtu: '1400' }]],
  ])('throws 401 at once for %s', (_name, args) => {
    const { kits } = testKits()
    expect(() => connectionOf(kits).create(...args)).toThrow(code(401))
  })

  test('rejects a value outside the rules, naming the field, without asking the service', async () => {
    const createVpn = vi.fn(() => Promise.reject(businessError(2200003)))
    const { kits } = testKits({ createVpn })
    await expect(connectionOf(kits).create({ ...goodConfig, mtu: 100 })).rejects.toMatchObject({
      code: 2200001,
      data: { field: 'config.mtu' },
    })
    expect(createVpn).not.toHaveBeenCalled()
  })

  test('is with the service before what is called next', async () => {
    const calls: string[] = []
    const refuse = (name: string) => (): Promise<never> => {
      calls.push(name)
      return Promise.reject(businessError(2200003))
    }
    const { kits } = testKits({ createVpn: refuse('create'), destroyVpn: refuse('destroy') })
    const connection = connectionOf(kits)
    await Promise.allSettled([connection.create(goodConfig), connection.destroy()])
    expect(calls).toEqual(['create', 'destroy'])
  })

  test('gives the error of the service to a callback, and returns nothing then', async () => {
    const { kits } = testKits({ createVpn: () => Promise.reject(businessError(2203002)) })
    const outcome = await new Promise((resolve) => {
      const returned = connectionOf(kits).create(goodConfig, (error: unknown, data: unknown) =>
        resolve({ returned, error, data }),
      )
    })
    expect(outcome).toEqual({ returned: undefined, error: code(2203002), data: undefined })
  })
})

describe('protect', () => {
  test.each([[[]], [['3']], [[null]], [[3, 4]], [[3, () => undefined, 4]]])(
    'throws 401 at once for %j',
    (args) => {
      const { kits } = testKits()
      expect(() => connectionOf(kits).protect(...args)).toThrow(code(401))
    },
  )

  test.each([
    [Number.NaN, 2200001],
    [3.7, 2200001],
    [2 ** 31, 2200001],
    [0, 2203004],
    [-1, 2203004],
    [99_999, 2203004],
  ])('of %d rejects %d', async (number, expected) => {
    const { kits } = testKits({ protect: () => Promise.resolve() })
    await expect(connectionOf(kits).protect(number)).rejects.toEqual(code(expected))
  })
})

describe('destroy', () => {
  test.each([[[undefined]], [[null]], [[1]], [['a', 'b']], [['a', () => undefined, 1]]])(
    'throws 401 at once for %j',
    (args) => {
      const { kits } = testKits()
      expect(() => connectionOf(kits).destroy(...args)).toThrow(code(401))
    },
  )

  test('passes the id on; the empty one is the own tunnel', async () => {
    const destroyVpn = vi.fn(() => Promise.resolve())
    const { kits } = testKits({ destroyVpn })
    const connection = connectionOf(kits)
    await connection.destroy()
    await connection.destroy('')
    await connection.destroy('an id')
    await new Promise((resolve) => void connection.destroy('other', resolve))
    expect(destroyVpn.mock.calls).toEqual([[undefined], [undefined], ['an id'], ['other']])
  })
})

test('generateVpnId gives 16 bytes in the groups of a UUID, each time others', async () => {
  const connection = connectionOf(testKits().kits)
  const first = await connection.generateVpnId()
  expect(first).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  expect(await connection.generateVpnId()).not.toBe(first)
})

test('code may ask whether a connection has a function of a later version', () => {
  const connection = connectionOf(testKits().kits) as unknown as Record<string, () => void>
  expect([typeof connection['create'], typeof connection['protectEverything']]).toEqual([
    'function',
    'undefined',
  ])
  expect('protectEverything' in connection).toBe(false)
})
