import { expect, test } from 'vitest'

import { testAbility, testKits } from '../test/test-runtime.ts'

test('every module is there under both spellings, always the same object', () => {
  const { kits } = testKits()
  expect(kits.names).toEqual([
    '@arkts.collections',
    '@arkts.lang',
    '@arkts.utils',
    '@kit.AbilityKit',
    '@kit.ArkData',
    '@kit.ArkTS',
    '@kit.AssetStoreKit',
    '@kit.BackgroundTasksKit',
    '@kit.BasicServicesKit',
    '@kit.CoreFileKit',
    '@kit.CryptoArchitectureKit',
    '@kit.IPCKit',
    '@kit.LocalizationKit',
    '@kit.NetworkKit',
    '@kit.NotificationKit',
    '@kit.PerformanceAnalysisKit',
    '@kit.TestKit',
    '@kit.UniversalKeystoreKit',
    '@ohos.abilityAccessCtrl',
    '@ohos.app.ability.AbilityConstant',
    '@ohos.app.ability.AbilityLifecycleCallback',
    '@ohos.app.ability.AbilityStage',
    '@ohos.app.ability.ApplicationStateChangeCallback',
    '@ohos.app.ability.Configuration',
    '@ohos.app.ability.ConfigurationConstant',
    '@ohos.app.ability.EnvironmentCallback',
    '@ohos.app.ability.UIAbility',
    '@ohos.app.ability.VpnExtensionAbility',
    '@ohos.app.ability.Want',
    '@ohos.app.ability.abilityDelegatorRegistry',
    '@ohos.app.ability.common',
    '@ohos.app.ability.contextConstant',
    '@ohos.app.ability.errorManager',
    '@ohos.app.ability.wantAgent',
    '@ohos.app.ability.wantConstant',
    '@ohos.base',
    '@ohos.batteryInfo',
    '@ohos.buffer',
    '@ohos.bundle.bundleManager',
    '@ohos.commonEvent',
    '@ohos.commonEventManager',
    '@ohos.convertxml',
    '@ohos.data.preferences',
    '@ohos.data.relationalStore',
    '@ohos.deviceInfo',
    '@ohos.events.emitter',
    '@ohos.file.fileuri',
    '@ohos.file.fs',
    '@ohos.file.hash',
    '@ohos.file.statvfs',
    '@ohos.hiTraceMeter',
    '@ohos.hidebug',
    '@ohos.hilog',
    '@ohos.hiviewdfx.hiAppEvent',
    '@ohos.i18n',
    '@ohos.intl',
    '@ohos.net.connection',
    '@ohos.net.http',
    '@ohos.net.socket',
    '@ohos.net.statistics',
    '@ohos.net.vpnExtension',
    '@ohos.net.webSocket',
    '@ohos.notification',
    '@ohos.notificationManager',
    '@ohos.process',
    '@ohos.request',
    '@ohos.resourceManager',
    '@ohos.resourceschedule.backgroundTaskManager',
    '@ohos.rpc',
    '@ohos.security.asset',
    '@ohos.security.cryptoFramework',
    '@ohos.security.huks',
    '@ohos.systemDateTime',
    '@ohos.taskpool',
    '@ohos.uri',
    '@ohos.url',
    '@ohos.util',
    '@ohos.util.ArrayList',
    '@ohos.util.Deque',
    '@ohos.util.HashMap',
    '@ohos.util.HashSet',
    '@ohos.util.LightWeightMap',
    '@ohos.util.LightWeightSet',
    '@ohos.util.LinkedList',
    '@ohos.util.List',
    '@ohos.util.PlainArray',
    '@ohos.util.Queue',
    '@ohos.util.Stack',
    '@ohos.util.TreeMap',
    '@ohos.util.TreeSet',
    '@ohos.util.Vector',
    '@ohos.util.json',
    '@ohos.util.stream',
    '@ohos.wantAgent',
    '@ohos.worker',
    '@ohos.xml',
    '@ohos.zlib',
    '@ohos/hamock',
    '@ohos/hypium',
  ])
  for (const name of kits.names) expect(kits.load(name)).toBe(kits.load(name.replace('@ohos.', '@ohos:')))
  expect(kits.load('@kit.Nonsense')).toBeUndefined()
  expect(kits.load('toString')).toBeUndefined()
})

test('@ohos/hamock makes stubs, and what it marks for a previewer is as it was', () => {
  const { kits } = testKits()
  const { MockKit, when, ArgumentMatchers, MockSetup } = kits.load('@ohos/hamock') as {
    readonly MockKit: new () => { mockFunc(of: object, method: unknown): unknown }
    readonly when: (stub: unknown) => (...args: unknown[]) => { afterReturn(value: unknown): void }
    readonly ArgumentMatchers: { readonly any: unknown }
    readonly MockSetup: (target: object, name: string, descriptor: PropertyDescriptor) => unknown
  }
  const server = { ask: (question: string): string => `real ${question}` }
  const stub = new MockKit().mockFunc(server, server.ask)
  when(stub)(ArgumentMatchers.any).afterReturn('mocked')
  expect(server.ask('a')).toBe('mocked')
  expect(MockSetup(server, 'ask', {})).toBeUndefined()
})

test('the @ohos modules hold the same as the kits', () => {
  const { kits } = testKits()
  const get = (module: string, name: string): unknown => Reflect.get(kits.load(module) ?? {}, name)
  expect(get('@ohos.net.vpnExtension', 'default')).toBe(get('@kit.NetworkKit', 'vpnExtension'))
  expect(get('@ohos.app.ability.VpnExtensionAbility', 'default')).toBe(kits.baseClass)
  expect(get('@ohos.hilog', 'default')).toBe(get('@kit.PerformanceAnalysisKit', 'hilog'))
  // The older names have the members of the newer ones.
  for (const [older, newer] of [
    ['notification', 'notificationManager'],
    ['commonEvent', 'commonEventManager'],
    ['wantAgent', 'app.ability.wantAgent'],
  ]) {
    expect(get(`@ohos.${older}`, 'default')).toEqual(get(`@ohos.${newer}`, 'default'))
  }
})

test('the context tells what the service said, with the folders of the device', () => {
  const { kits } = testKits()
  expect(JSON.parse(JSON.stringify(kits.context))).toEqual({
    config: expect.objectContaining({ colorMode: -1 }),
    filesDir: '/data/storage/el2/base/haps/entry/files',
    cacheDir: '/data/storage/el2/base/haps/entry/cache',
    tempDir: '/data/storage/el2/base/haps/entry/temp',
    preferencesDir: '/data/storage/el2/base/haps/entry/preferences',
    databaseDir: '/data/storage/el2/database/entry',
    bundleCodeDir: '/data/storage/el1/bundle',
    applicationInfo: expect.objectContaining({
      name: testAbility.bundleName,
      label: 'Example',
      uid: 20010001,
      versionCode: 3,
      versionName: '1.2.3',
    }),
    currentHapModuleInfo: { name: 'entry', bundleName: testAbility.bundleName, type: 'entry' },
    extensionAbilityInfo: expect.objectContaining({ name: 'MyVpn', extensionAbilityTypeName: 'vpn' }),
  })
  expect(Reflect.get(kits.context ?? {}, 'logFileDir')).toBeUndefined()
})

test('globals are set and can be put back', () => {
  const { kits, log } = testKits()
  const target = { console: 'theirs' } as Record<string, unknown>
  const undo = kits.installGlobals(target)
  const call = (name: string, ...args: unknown[]): unknown =>
    (target[name] as (...all: unknown[]) => unknown)(...args)
  const id = call('setTimeout', () => log.push({ level: 'info', domain: 0, tag: '', message: 'fired' }), 0)
  expect(typeof id).toBe('number')
  call('clearTimeout', id)
  call('clearTimeout', undefined)
  expect(call('getContext')).toBe(kits.context)
  expect(call('canIUse', 'SystemCapability.HiviewDFX.HiLog')).toBe(true)
  expect(call('canIUse', 'SystemCapability.Telephony.CallManager')).toBe(false)
  undo[Symbol.dispose]()
  expect(target).toEqual({ console: 'theirs' })
})

test('a numeric timer fires, with its arguments, and an interval can be stopped from inside', async () => {
  const { kits } = testKits()
  const target: Record<string, (...args: unknown[]) => unknown> = {}
  kits.installGlobals(target)
  expect(await new Promise((resolve) => target['setTimeout']?.(resolve, 1, 'argument'))).toBe('argument')
  let runs = 0
  await new Promise<void>((resolve) => {
    const id = target['setInterval']?.(() => {
      runs++
      target['clearInterval']?.(id)
      resolve()
    }, 1)
  })
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(runs).toBe(1)
})
