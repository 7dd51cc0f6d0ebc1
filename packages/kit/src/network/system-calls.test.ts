import { businessError } from '@vpnext/api'
import { describe, expect, test, vi } from 'vitest'

import { testAbility, testKits, vpnExtensionOf } from '../../test/test-runtime.ts'
import type { ServiceCalls } from '../runtime.ts'
import type { VpnExtensionNamespace } from './vpn-extension.ts'

const code = (number: number): unknown => expect.objectContaining({ code: number })
const system = { ...testAbility, systemApplication: true, permissions: ['ohos.permission.MANAGE_VPN'] }

const callsOf = (ability: typeof testAbility, service: Partial<ServiceCalls> = {}): VpnExtensionNamespace =>
  vpnExtensionOf(testKits(service, { ability }).kits)

describe('the system API', () => {
  test.each([
    ['no system application', testAbility, 202],
    ['one without the permission', { ...system, permissions: [] }, 201],
  ])('is closed to %s', async (_who, ability, number) => {
    const vpn = callsOf(ability)
    await expect(vpn.setAlwaysOnVpnEnabled(true, 'com.example.vpn')).rejects.toEqual(code(number))
    await expect(vpn.isAlwaysOnVpnEnabled('com.example.vpn')).rejects.toEqual(code(number))
    expect(() => vpn.updateVpnAuthorizedState('com.example.vpn')).toThrow(code(number))
  })

  test('reaches the service for a system application', async () => {
    const setAlwaysOn = vi.fn(() => Promise.resolve())
    const updateAuthorization = vi.fn(() => Promise.resolve())
    const vpn = callsOf(system, { setAlwaysOn, isAlwaysOn: () => Promise.resolve(true), updateAuthorization })
    await expect(vpn.setAlwaysOnVpnEnabled(false, 'com.example.vpn')).resolves.toBeUndefined()
    await expect(vpn.isAlwaysOnVpnEnabled('com.example.vpn')).resolves.toBe(true)
    expect(vpn.updateVpnAuthorizedState('com.example.vpn')).toBe(true)
    expect(vpn.updateVpnAuthorizedState('com.example.vpn**vpndialog**')).toBe(true)
    expect(setAlwaysOn).toHaveBeenCalledWith('com.example.vpn', false)
    expect(updateAuthorization.mock.calls).toEqual([
      ['com.example.vpn', true],
      ['com.example.vpn', false],
    ])
  })

  test.each([[[]], [[true]], [['true', 'com.example.vpn']], [[true, 5]], [[true, '']], [[true, 'a', 1]]])(
    'setAlwaysOnVpnEnabled throws 401 at once for %j, whoever calls',
    (args) => {
      expect(() => callsOf(testAbility).setAlwaysOnVpnEnabled(...args)).toThrow(code(401))
    },
  )

  test.each([[[]], [[null]], [['']], [['a', 'b']], [['x'.repeat(129)]]])(
    'isAlwaysOnVpnEnabled and updateVpnAuthorizedState throw 401 at once for %j',
    (args) => {
      expect(() => callsOf(system).isAlwaysOnVpnEnabled(...args)).toThrow(code(401))
      expect(() => callsOf(system).updateVpnAuthorizedState(...args)).toThrow(code(401))
    },
  )
})

test('an answer that the service does not take is in the log', async () => {
  const updateAuthorization = (): Promise<void> => Promise.reject(businessError(201))
  const { kits, log } = testKits({ updateAuthorization }, { ability: system })
  expect(vpnExtensionOf(kits).updateVpnAuthorizedState('com.example.vpn')).toBe(true)
  await expect.poll(() => log).toHaveLength(1)
})
