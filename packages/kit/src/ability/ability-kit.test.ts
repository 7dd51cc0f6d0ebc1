import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'

import { testAbility, testKits } from '../../test/test-runtime.ts'
import type { BundleManifest } from './bundle-manifest.ts'

type Namespace = Record<string, (...args: unknown[]) => unknown>
const code = (number: number): unknown => expect.objectContaining({ code: number })

const manifest: BundleManifest = {
  format: 1,
  app: {
    bundleName: testAbility.bundleName,
    vendor: 'example',
    versionCode: 3,
    versionName: '1.2.3',
    label: 'Example',
  },
  modules: [
    {
      name: 'entry',
      type: 'entry',
      permissions: ['ohos.permission.INTERNET'],
      abilities: [
        { name: 'Page', kind: 'page', type: '', script: 'a', exportName: 'default', description: '' },
        {
          name: 'MyVpn',
          kind: 'extension',
          type: 'vpn',
          script: 'b',
          exportName: 'default',
          description: 'a VPN',
          metadata: [
            { name: 'one', value: '1', resource: '$profile:config' },
            { name: 'two', value: '2', resource: '' },
          ],
        },
      ],
    },
  ],
  kits: [],
  natives: [],
}

async function withBundle(use: (bundleFolder: string) => void | Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'vpnext-bundle-'))
  try {
    writeFileSync(join(folder, 'archive.json'), JSON.stringify(manifest))
    await use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('a bundle knows itself, as far as the flags ask', async () => {
  await withBundle((bundleFolder) => {
    const { kits } = testKits({}, { bundleFolder })
    const manager = Reflect.get(kits.load('@kit.AbilityKit') ?? {}, 'bundleManager') as Namespace & {
      BundleFlag: Record<string, number>
    }
    const flag = (name: string): number => manager.BundleFlag[`GET_BUNDLE_INFO_${name}`] ?? 0
    const plain = manager['getBundleInfoForSelfSync']?.(flag('DEFAULT')) as Record<string, unknown>
    expect(plain).toMatchObject({
      name: 'com.example.vpn',
      versionName: '1.2.3',
      vendor: 'example',
      hapModulesInfo: [],
    })
    expect(plain['appInfo']).toBeUndefined()
    expect(Math.abs((plain['installTime'] as number) - Date.now())).toBeLessThan(60_000)
    const all =
      flag('WITH_APPLICATION') |
      flag('WITH_HAP_MODULE') |
      flag('WITH_EXTENSION_ABILITY') |
      flag('WITH_REQUESTED_PERMISSION')
    expect(manager['getBundleInfoForSelfSync']?.(all)).toMatchObject({
      appInfo: { name: 'com.example.vpn', label: 'Example', uid: 20010001, codePath: bundleFolder },
      hapModulesInfo: [
        {
          name: 'entry',
          type: 1,
          abilitiesInfo: [],
          extensionAbilitiesInfo: [{ name: 'MyVpn', extensionAbilityTypeName: 'vpn', description: 'a VPN' }],
        },
      ],
      reqPermissionDetails: [{ name: 'ohos.permission.INTERNET', moduleName: 'entry' }],
      permissionGrantStates: [0],
    })
    expect(() => manager['getBundleInfoForSelfSync']?.('all')).toThrow(code(401))
  })
})

test('metadata, the profiles that it names, and what the bundle begins with', async () => {
  await withBundle(async (bundleFolder) => {
    const profiles = join(bundleFolder, 'resources/entry/base/profile')
    mkdirSync(profiles, { recursive: true })
    writeFileSync(join(profiles, 'config.json'), '{"a":1}')
    const { kits } = testKits({}, { bundleFolder })
    const manager = Reflect.get(kits.load('@kit.AbilityKit') ?? {}, 'bundleManager') as Namespace
    const profile = 'getProfileByExtensionAbility'
    expect(await manager[profile]?.('entry', 'MyVpn')).toEqual(['{"a":1}'])
    expect(manager[`${profile}Sync`]?.('entry', 'MyVpn', 'one')).toEqual(['{"a":1}'])
    await expect(manager[profile]?.('entry', 'MyVpn', 'two')).rejects.toEqual(code(17700024))
    await expect(manager[profile]?.('other', 'MyVpn')).rejects.toEqual(code(17700002))
    await expect(manager['getProfileByAbility']?.('entry', 'MyVpn')).rejects.toEqual(code(17700003))
    expect(() => manager[profile]?.('entry')).toThrow(code(401))
    expect(manager['getLaunchWant']?.()).toEqual({ bundleName: 'com.example.vpn', abilityName: 'Page' })
    const info = manager['getBundleInfoForSelfSync']?.(0x2 | 0x8 | 0x20 | 0x80)
    const before = (info as { signatureInfo: { fingerprint: string } }).signatureInfo
    expect(before).toMatchObject({ fingerprint: expect.stringMatching(/^[0-9A-F]{64}$/) })
    expect(info).toMatchObject({
      hapModulesInfo: [{ extensionAbilitiesInfo: [{ metadata: [{ name: 'one' }, { name: 'two' }] }] }],
    })
    mkdirSync(join(bundleFolder, 'scripts'))
    writeFileSync(join(bundleFolder, 'scripts/a.cjs'), '')
    expect(manager['getBundleInfoForSelfSync']?.(0x80)).not.toMatchObject({ signatureInfo: before })
  })
})

test('an agent starts the own bundle, publishes events, and does nothing else', async () => {
  const done: unknown[] = []
  const note = (what: unknown): Promise<void> => {
    done.push(what)
    return Promise.resolve()
  }
  const { kits } = testKits({ startAbility: note, publishEvent: note })
  const kit = kits.load('@kit.AbilityKit') ?? {}
  const wantAgent = Reflect.get(kit, 'wantAgent') as Namespace & { OperationType: Record<string, number> }
  const agentFor = async (operation: string, want: object): Promise<unknown> =>
    await wantAgent['getWantAgent']?.({
      wants: [want],
      actionType: wantAgent.OperationType[operation],
      requestCode: 0,
    })
  const trigger = (agent: unknown): Promise<unknown> =>
    new Promise((resolve) => {
      wantAgent['trigger']?.(agent, { code: 0 }, (error: unknown) => resolve(error))
    })
  const start = await agentFor('START_ABILITY', { abilityName: 'MyVpn' })
  expect(JSON.stringify(start)).toBe('{}')
  expect(await trigger(start)).toBeUndefined()
  expect(
    await trigger(await agentFor('SEND_COMMON_EVENT', { action: 'x', parameters: { a: 1 } })),
  ).toBeUndefined()
  expect(done).toMatchObject([
    { bundleName: 'com.example.vpn', abilityName: 'MyVpn' },
    { event: 'x', parameters: { a: 1 } },
  ])
  expect(await trigger(await agentFor('START_ABILITY', { bundleName: 'com.other.app' }))).toEqual(code(801))
  expect(await trigger(await agentFor('UNKNOWN_TYPE', {}))).toEqual(code(801))
  expect(await wantAgent['getBundleName']?.(start)).toBe('com.example.vpn')
  expect(await wantAgent['equal']?.(start, await agentFor('START_ABILITY', { abilityName: 'MyVpn' }))).toBe(
    true,
  )
  await wantAgent['cancel']?.(start)
  expect(await trigger(start)).toEqual(code(16000151))
  expect(() => wantAgent['getUid']?.({})).toThrow(code(16000151))
  expect(() => wantAgent['getWantAgent']?.({ wants: [] })).toThrow(code(401))
})

test('a context moves its folders to another area, and makes them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vpnext-area-'))
  try {
    const { kits } = testKits({}, { dataFolder: folder })
    const context = kits.context as unknown as {
      area: number
      filesDir: string
      cloudFileDir: string
      config: object
      getGroupDir(group: string): Promise<string>
      eventHub: Namespace
      processName: string
    }
    expect([context.area, context.filesDir]).toEqual([1, join(folder, 'el2/base/haps/entry/files')])
    context.area = 0
    expect(context.filesDir).toBe(join(folder, 'el1/base/haps/entry/files'))
    writeFileSync(join(context.filesDir, 'x'), '')
    expect(() => {
      context.area = 9
    }).toThrow(code(401))
    expect(context.processName).toBe('com.example.vpn:vpn')
    const group = await context.getGroupDir('com.example.group')
    writeFileSync(join(group, 'x'), '')
    expect(group).toBe(join(folder, 'el1/group/com.example.group'))
    expect(() => context.getGroupDir('../files')).toThrow(code(401))
    expect(context.cloudFileDir).toBe(join(folder, 'el1/cloud'))
    expect(context.config).toMatchObject({ colorMode: -1, fontSizeScale: 1 })
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('an event hub calls its listeners at once, with all arguments', () => {
  const { kits } = testKits()
  const { eventHub } = kits.context as unknown as { eventHub: Namespace }
  const heard: unknown[] = []
  const listener = (...args: unknown[]): void => void heard.push(args)
  eventHub['on']?.('x', listener)
  eventHub['emit']?.('x', 1, 2)
  eventHub['off']?.('x', listener)
  eventHub['emit']?.('x', 3)
  expect(heard).toEqual([[1, 2]])
  expect(() => eventHub['on']?.('x', 'no')).toThrow(code(401))
})

interface Application {
  on(type: string, callback: object): number | undefined
  off(type: string, which?: unknown): Promise<void> | undefined
  clearUpApplicationData(): Promise<void>
}

test('the application hears of its pages in their order, until it does not want to', async () => {
  const { kits } = testKits({}, { ability: { ...testAbility, kind: 'page' } })
  const application = kits.pageContext?.getApplicationContext() as unknown as Application
  const heard: unknown[] = []
  const page = { name: 'page' }
  const number = application.on('abilityLifecycle', {
    onAbilityCreate: (ability: unknown) => heard.push(['create', ability]),
    onWindowStageCreate: (ability: unknown, stage: unknown) => heard.push(['stage', ability, stage]),
  })
  const state = { onApplicationForeground: () => heard.push('foreground') }
  expect([number, application.on('applicationStateChange', state)]).toEqual([1, undefined])
  expect(application.on('environment', {})).toBe(2)
  kits.pageEvent('AbilityCreate', page)
  kits.pageEvent('WindowStageCreate', page, 'stage')
  kits.pageEvent('AbilityForeground', page)
  await application.off('abilityLifecycle', 1)
  void application.off('applicationStateChange', state)
  kits.pageEvent('AbilityCreate', page)
  kits.pageEvent('AbilityForeground', page)
  expect(heard).toEqual([['create', page], ['stage', page, 'stage'], 'foreground'])
  await expect(application.off('abilityLifecycle', 1)).rejects.toMatchObject({ code: 401 })
  expect(() => application.on('memory', {})).toThrow(code(401))
  for (const [name, number_] of [
    ['getCurrentAppCloneIndex', 16000071],
    ['restartApp', 16000053],
  ] as const)
    expect(() => (application as unknown as Namespace)[name]?.({})).toThrow(code(number_))
})

test('what a page asks of its window has no effect, and its arguments are checked', async () => {
  const terminateSelf = vi.fn(async () => undefined)
  const { kits } = testKits({ terminateSelf }, { ability: { ...testAbility, kind: 'page' } })
  const context = kits.pageContext as unknown as Namespace
  context['setColorMode']?.(0)
  context['setRestoreEnabled']?.(true)
  await context['setMissionLabel']?.('name')
  await context['moveAbilityToBackground']?.()
  expect(() => context['setColorMode']?.('dark')).toThrow(code(401))
  const drawn = vi.fn()
  context['reportDrawnCompleted']?.(drawn)
  await vi.waitFor(() => expect(drawn).toHaveBeenCalledTimes(1))
  expect(context['isTerminating']?.()).toBe(false)
  await context['terminateSelf']?.()
  expect([context['isTerminating']?.(), terminateSelf.mock.calls.length]).toEqual([true, 1])
})

test.each([
  ['@kit.NetworkKit', 'VpnExtensionAbility', 'onCreate onRequest onConnect onDisconnect onDestroy'],
  [
    '@kit.AbilityKit',
    'UIAbility',
    'onCreate onNewWant onWindowStageCreate onForeground onBackground onDestroy',
  ],
  ['@kit.AbilityKit', 'AbilityStage', 'onCreate onAcceptWant onDestroy'],
])('a subclass of %s.%s may call what it overrides', (kit, name, callbacks) => {
  const { kits } = testKits()
  const Base = Reflect.get(kits.load(kit) ?? {}, name) as new () => Record<string, () => unknown>
  const ability = new (class extends Base {})()
  for (const callback of callbacks.split(' ')) {
    const inherited = ability[callback]
    if (inherited === undefined) throw new Error(`${name} has no ${callback}`)
    expect(() => inherited.call(ability)).not.toThrow()
  }
})
