import { expect, test } from 'vitest'
import {
  defaultSettings,
  type NetworkSettings,
  prioritiesPerSlot,
  priorityOf,
  slotCount,
  tableOf,
} from './index.ts'

test('the defaults are those of the design', () => {
  expect(defaultSettings()).toEqual({
    instance: 'default',
    tableBase: 52_000,
    rulePriorities: { first: 9_000, last: 10_999 },
    routeProtocol: 118,
    protectMark: 0x0100_0000,
    identityMask: 0x3e00_0000,
    resolvConf: '/etc/resolv.conf',
    resolvectl: '/usr/bin/resolvectl',
    nftTable: 'vpnext',
  })
})

test('the nft table follows the instance', () => {
  expect(defaultSettings({ instance: 'lab-1' }).nftTable).toBe('vpnext-lab-1')
})

test('slots have numbers of their own', () => {
  const settings = defaultSettings()
  expect(slotCount(settings)).toBe(500)
  expect([tableOf(settings, 0), tableOf(settings, 499)]).toEqual([52_000, 52_499])
  expect([priorityOf(settings, 0), priorityOf(settings, 499) + prioritiesPerSlot - 1]).toEqual([
    9_000, 10_999,
  ])
})

test.each<[keyof NetworkSettings, unknown]>([
  ['instance', ''],
  ['instance', 'A'],
  ['instance', 'a; flush ruleset'],
  ['instance', '../x'],
  ['nftTable', 'a b'],
  ['rulePriorities', { first: 0, last: 10 }],
  ['rulePriorities', { first: 100, last: 102 }],
  ['rulePriorities', { first: 100, last: 40_000 }],
  ['tableBase', 254],
  ['routeProtocol', 4],
  ['protectMark', 3],
  ['protectMark', 0x0200_0000],
  ['resolvConf', 'resolv.conf'],
])('a bad %s is refused by name: %j', (field, value) => {
  const named = field === 'protectMark' && value === 0x0200_0000 ? 'identityMask' : field
  expect(() => defaultSettings({ [field]: value })).toThrow(new RegExp(`^settings\\.${named}: `))
})
