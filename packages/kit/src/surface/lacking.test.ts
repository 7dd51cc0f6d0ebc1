import { expect, test } from 'vitest'

import { findLacking } from './lacking.ts'

test.each([
  ['@kit.NetworkKit', []],
  ['@kit.NetworkKit', ['connection', 'getDefaultNet']],
  ['@kit.NetworkKit', ['connection', 'NetCap', 'NOT_THERE']],
  ['@kit.NetworkKit', ['VpnExtensionAbility', 'prototype']],
  ['@ohos.net.connection', ['default', 'getDefaultNet']],
  ['@ohos:net.connection', ['default', 'hasOwnProperty']],
  ['@ohos.base', ['BusinessError']],
  ['@kit.ArkUI', ['AppStorageV2', 'connect']],
  ['@kit.BasicServicesKit', ['deviceInfo', 'apiAvailable']],
  ['@kit.ArkUI', ['LengthMetrics', 'vp']],
  ['@ohos.curves', ['default', 'springMotion']],
  ['@kit.ArkUI', ['window', 'AvoidAreaType', 'TYPE_SYSTEM']],
  ['@ohos.window', ['default', 'AvoidAreaType']],
])('%s %j is there', (module, path) => {
  expect(findLacking(module, path)).toBeUndefined()
})

test.each([
  [
    '@ohos.window',
    ['default', 'getLastWindow'],
    { name: '@ohos.window.getLastWindow', kind: 'module', forPages: true },
  ],
  ['@ohos.net.mdns', [], { name: '@ohos.net.mdns', kind: 'module', forPages: false }],
  ['@kit.Nonsense', ['x'], { name: '@kit.Nonsense.x', kind: 'module', forPages: false }],
  ['@kit.ArkUI', ['router'], { name: '@kit.ArkUI.router', kind: 'module', forPages: true }],
  [
    '@ohos:net.mdns',
    ['default', 'addLocalService'],
    { name: '@ohos.net.mdns.addLocalService', kind: 'module', forPages: false },
  ],
  ['@kit.NetworkKit', ['mdns', 'x'], { name: '@kit.NetworkKit.mdns', kind: 'member', forPages: false }],
  ['@kit.CoreFileKit', ['picker'], { name: '@kit.CoreFileKit.picker', kind: 'member', forPages: true }],
  [
    '@kit.NetworkKit',
    ['connection', 'enableAirplaneMode'],
    { name: '@kit.NetworkKit.connection.enableAirplaneMode', kind: 'function', forPages: false },
  ],
  [
    '@ohos.net.connection',
    ['default', 'enableAirplaneMode'],
    { name: '@ohos.net.connection.enableAirplaneMode', kind: 'function', forPages: false },
  ],
  [
    '@kit.AbilityKit',
    ['bundleManager', 'getBundleNameByUid'],
    { name: '@kit.AbilityKit.bundleManager.getBundleNameByUid', kind: 'function', forPages: false },
  ],
  [
    '@ohos.net.statistics',
    ['default', 'getSelfTrafficStats'],
    { name: '@ohos.net.statistics.getSelfTrafficStats', kind: 'function', forPages: false },
  ],
])('%s %j is lacking', (module, path, lacking) => {
  expect(findLacking(module, path)).toEqual(lacking)
})
