import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { testAbility, testKits } from '../test/test-runtime.ts'

type Call = (...args: unknown[]) => unknown
type Namespace = Record<string, Call>
const code = (number: number): unknown => expect.objectContaining({ code: number })

/** A namespace as extension code gets it. */
function namespace(module: string): Namespace {
  const { kits } = testKits()
  return Reflect.get(kits.load(module) ?? {}, 'default') as Namespace
}

/** What a call gave, as an object of a kit. */
function objectOf(value: unknown): Namespace {
  if (typeof value !== 'object' || value === null) throw new TypeError('not an object')
  return value as Namespace
}

/** An object of a class of a namespace. */
function make(Class: unknown, ...args: unknown[]): Namespace {
  return Reflect.construct(Class as new () => Namespace, args)
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-kits-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('permissions are granted when the manifest asks for them', async () => {
  const manager = namespace('@ohos.abilityAccessCtrl')['createAtManager']?.() as Namespace
  expect(await manager['checkAccessToken']?.(1, 'ohos.permission.INTERNET')).toBe(0)
  expect(manager['verifyAccessTokenSync']?.(1, 'ohos.permission.CAMERA')).toBe(-1)
  const list = ['ohos.permission.INTERNET', 'ohos.permission.CAMERA']
  expect(await manager['requestPermissionsFromUser']?.({}, list)).toEqual({
    permissions: list,
    authResults: [0, -1],
    dialogShownResults: [false, false],
  })
  expect(() => manager['checkAccessTokenSync']?.(1, '')).toThrow(code(401))
  expect(manager['getSelfPermissionsState']).toBeUndefined()
})

test('observers hear of what nobody catches, until they are gone', async () => {
  const { kits } = testKits()
  const manager = Reflect.get(kits.load('@ohos.app.ability.errorManager') ?? {}, 'default') as Namespace
  const observer = { onUnhandledException: vi.fn(), onException: vi.fn() }
  const rejected = vi.fn()
  const id = manager['on']?.('error', observer)
  manager['on']?.('unhandledRejection', rejected)
  const error = new Error('mine')
  process.listeners('uncaughtException').at(-1)?.(error, 'uncaughtException')
  process.listeners('unhandledRejection').at(-1)?.(error, Promise.resolve())
  expect(observer.onUnhandledException).toHaveBeenCalledWith(expect.stringContaining('mine'))
  expect(observer.onException).toHaveBeenCalledWith(error)
  expect(rejected).toHaveBeenCalledWith(error, expect.any(Promise))
  await manager['off']?.('error', id)
  await expect(manager['off']?.('error', id)).rejects.toThrow(code(401))
  const before = process.listenerCount('uncaughtException')
  kits[Symbol.dispose]()
  expect(process.listenerCount('uncaughtException')).toBe(before - 1)
})

test('file URIs, hashes and free space', async () => {
  const { FileUri, getUriFromPath } = namespace('@ohos.file.fileuri')
  expect(getUriFromPath?.('/data/a b.txt')).toBe('file://com.example.vpn/data/a%20b.txt')
  const uri = make(FileUri, 'file://com.example.vpn/data/a%20b.txt')
  expect([uri['path'], uri['name'], uri['getFullDirectoryUri']?.()]).toEqual([
    '/data/a b.txt',
    'a b.txt',
    'file://com.example.vpn/data',
  ])
  expect(() => getUriFromPath?.('relative')).toThrow(code(401))
  const hash = namespace('@ohos.file.hash')
  const path = join(folder, 'abc')
  writeFileSync(path, 'abc')
  // RFC 1321, A.5.
  expect(await hash['hash']?.(path, 'md5')).toBe('900150983CD24FB0D6963F7D28E17F72')
  const stream = hash['createHash']?.('md5') as Namespace
  stream['update']?.(new TextEncoder().encode('abc').buffer)
  expect(stream['digest']?.()).toBe('900150983CD24FB0D6963F7D28E17F72')
  expect(() => hash['hash']?.(path, 'crc')).toThrow(code(13900020))
  await expect(hash['hash']?.(join(folder, 'none'), 'md5')).rejects.toThrow(code(13900002))
  const statfs = namespace('@ohos.file.statvfs')
  expect(await statfs['getTotalSize']?.(folder)).toBeGreaterThan(
    statfs['getFreeSizeSync']?.(folder) as number,
  )
})

test('copies files and folders, by path and by URI', async () => {
  const fileIo = namespace('@ohos.file.fs')
  mkdirSync(join(folder, 'from/deep'), { recursive: true })
  writeFileSync(join(folder, 'from/deep/a'), 'text')
  const progressListener = vi.fn()
  await fileIo['copy']?.(`file://com.example.vpn${folder}/from`, join(folder, 'to'))
  await fileIo['copy']?.(join(folder, 'to/deep/a'), join(folder, 'b'), { progressListener })
  expect(readFileSync(join(folder, 'b'), 'utf8')).toBe('text')
  expect(progressListener).toHaveBeenCalledWith({ processedSize: 4, totalSize: 4 })
  await expect(fileIo['copy']?.(join(folder, 'none'), join(folder, 'c'))).rejects.toThrow(code(13900002))
})

test('URIs have parts, and are changed into others', () => {
  const URI = namespace('@ohos.uri')['URI'] as unknown as new (text: string) => Namespace
  const uri = new URI('https://user:p%40ss@host.example:8443/a%20b/c?x=1&y=2&x=3#end')
  expect(
    ['scheme', 'userInfo', 'host', 'port', 'path', 'encodedPath', 'query', 'fragment'].map(
      (name) => uri[name],
    ),
  ).toEqual(['https', 'user:p@ss', 'host.example', '8443', '/a b/c', '/a%20b/c', 'x=1&y=2&x=3', 'end'])
  expect([uri['getQueryNames']?.(), uri['getQueryValues']?.('x'), uri['getLastSegment']?.()]).toEqual([
    ['x', 'y'],
    ['1', '3'],
    'c',
  ])
  const changed = objectOf(uri['clearQuery']?.())['addSegment']?.('d e')
  expect(String(changed)).toBe('https://user:p%40ss@host.example:8443/a%20b/c/d%20e#end')
  expect(String(new URI('http://h/a/./b/../c')['normalize']?.())).toBe('http://h/a/c')
  expect(new URI('mailto:a@b')['checkOpaque']?.()).toBe(true)
  expect(() => new URI('http://a b')).toThrow(code(10200002))
})

test('fractions, scopes and aspects', () => {
  const { RationalNumber, ScopeHelper, Aspect } = namespace('@ohos.util')
  const half = make(RationalNumber, 2, -4)
  expect([half['toString']?.(), half['valueOf']?.(), half['getDenominator']?.()]).toEqual(['-1/2', -0.5, 2])
  const parse = Reflect.get(RationalNumber ?? {}, 'createRationalFromString') as Call
  expect(String(parse('6:8'))).toBe('3/4')
  expect(() => parse('x')).toThrow(code(10200002))
  const scope = make(ScopeHelper, 1, 5)
  expect([
    scope['contains']?.(5),
    scope['contains']?.(6),
    scope['clamp']?.(9),
    scope['toString']?.(),
  ]).toEqual([true, false, 5, '[1, 5]'])
  expect(String(scope['intersect']?.(3, 9))).toBe('[3, 5]')
  expect(() => scope['intersect']?.(6, 9)).toThrow(code(10200001))
  class Target {
    add(one: number, other: number): number {
      return one + other
    }
  }
  const before = vi.fn()
  Reflect.apply(Reflect.get(Aspect ?? {}, 'addBefore') as Call, undefined, [Target, 'add', false, before])
  Reflect.apply(Reflect.get(Aspect ?? {}, 'addAfter') as Call, undefined, [
    Target,
    'add',
    false,
    (_self: unknown, result: number) => result * 10,
  ])
  expect(new Target().add(1, 2)).toBe(30)
  expect(before).toHaveBeenCalledWith(expect.any(Target), 1, 2)
})

test('blobs, maps from JSON, and emitters of their own', async () => {
  const blob = make(namespace('@ohos.buffer')['Blob'], ['ab', new Uint8Array([99])], { type: 'text/plain' })
  expect([await blob['text']?.(), blob['size'], blob['type']]).toEqual(['abc', 3, 'text/plain'])
  expect(await objectOf(blob['slice']?.(1))['text']?.()).toBe('bc')
  const json = namespace('@ohos.util.json')
  expect(json['parse']?.('{"a":{"b":[1]}}', undefined, { parseReturnType: 1 })).toEqual(
    new Map([['a', new Map([['b', [1]]])]]),
  )
  const { Emitter } = namespace('@ohos.events.emitter')
  const [one, other] = [make(Emitter), make(Emitter)]
  const heard = vi.fn()
  one['on']?.('x', heard)
  other['emit']?.('x')
  one['emit']?.('x', { data: { a: 1 } })
  await vi.waitFor(() => expect(heard).toHaveBeenCalledWith({ data: { a: 1 } }))
  expect(heard).toHaveBeenCalledTimes(1)
})

test('names with addresses of their own are looked up nowhere', async () => {
  const connection = namespace('@ohos.net.connection')
  await connection['addCustomDnsRule']?.('Vpn.Example', ['192.0.2.7', '2001:db8::7'])
  expect(await connection['getAddressesByName']?.('vpn.example.')).toEqual([
    expect.objectContaining({ address: '192.0.2.7', family: 1 }),
    expect.objectContaining({ address: '2001:db8::7', family: 2 }),
  ])
  await connection['removeCustomDnsRule']?.('vpn.example')
  expect(() => connection['addCustomDnsRule']?.('a', ['no address'])).toThrow(code(2100001))
})

test('slots, badges and groups of notifications', async () => {
  const notifications = namespace('@ohos.notificationManager')
  await notifications['addSlot']?.(1)
  expect(await notifications['getSlots']?.()).toEqual([
    expect.objectContaining({ notificationType: 1, notificationLevel: 4 }),
  ])
  await notifications['removeSlot']?.(1)
  expect(await notifications['getSlot']?.(1)).toBeUndefined()
  await notifications['setBadgeNumber']?.(3)
  expect(await notifications['getBadgeNumber']?.()).toBe(3)
  const content = { normal: { title: 'a', text: 'b' } }
  await notifications['publish']?.({ id: 1, groupName: 'g', content })
  await notifications['publish']?.({ id: 2, content })
  await notifications['cancelGroup']?.('g')
  expect(await notifications['getActiveNotificationCount']?.()).toBe(1)
})

test('lines below the lowest level are not written', () => {
  const { kits, log } = testKits()
  const hilog = Reflect.get(kits.load('@kit.PerformanceAnalysisKit') ?? {}, 'hilog') as Namespace
  hilog['setMinLogLevel']?.(5)
  hilog['info']?.(0, 'tag', 'quiet')
  hilog['warn']?.(0, 'tag', 'loud')
  expect(log.map(({ message }) => message)).toEqual(['loud'])
  expect([hilog['isLoggable']?.(0, 'tag', 4), hilog['isLoggable']?.(0, 'tag', 5)]).toEqual([false, true])
})

test('the locale, asked in the older and the newer way', () => {
  const i18n = namespace('@ohos.i18n')
  const System = i18n['System'] as unknown as Namespace
  expect(i18n['getSystemLanguage']?.()).toBe(System['getSystemLanguage']?.())
  expect(System['getSystemCountries']?.('de')).toEqual(expect.arrayContaining(['AT', 'DE']))
  expect(System['getSimplifiedLanguage']?.('zh-Hans-CN')).toBe('zh')
  expect(System['getFirstDayOfWeek']?.()).toBeGreaterThanOrEqual(1)
  const intl = namespace('@ohos.intl')
  const format = make(intl['NumberFormat'], 'de-AT', { minimumFractionDigits: 1 })
  expect(format['format']?.(1.5)).toBe('1,5')
})

test('what decorators and storages of pages do outside of pages', () => {
  const { kits } = testKits()
  const target: Record<string, unknown> = {}
  using _undo = kits.installGlobals(target)
  class Model {
    field = 1
  }
  expect((target['Observed'] as Call)(Model)).toBe(Model)
  expect((target['Track'] as Call)(Model.prototype, 'field')).toBeUndefined()
  // With arguments, a class among them, they give what is called with the member.
  for (const [name, argument] of [
    ['Monitor', 'field'],
    ['Type', Model],
  ] as const) {
    const decorator = (target[name] as Call)(argument) as Call
    expect(decorator(Model.prototype, 'field')).toBeUndefined()
  }
  const storage = target['AppStorage'] as Namespace
  expect(storage['set']?.('a', 1)).toBe(false)
  storage['setOrCreate']?.('a', 1)
  const link = storage['Link']?.('a') as Namespace
  const prop = storage['prop']?.('a') as Namespace
  link['set']?.(2)
  prop['set']?.(3)
  expect([storage['Get']?.('a'), prop['get']?.(), storage['size']?.()]).toEqual([2, 3, 1])
})

test('files that name what only pages use can be loaded', () => {
  const { kits } = testKits()
  const target: Record<string, unknown> = {}
  using _undo = kits.installGlobals(target)
  const { Color, FontWeight, NavPathStack, vp2px } = target as Record<string, Namespace & Call>
  expect([Color?.['White'], FontWeight?.['Bold'], String(Color)]).toEqual([
    'White',
    'Bold',
    '[object Object]',
  ])
  expect(vp2px?.(10)).toBe(10)
  const stack = make(NavPathStack)
  expect(stack['pushPath']?.({ name: 'Home' })).toBe(stack)
  expect(stack['then']).toBeUndefined()
})

test('a continuous task is refused, as on a device, and a suspension put off', async () => {
  const manager = namespace('@ohos.resourceschedule.backgroundTaskManager')
  await expect(manager['startBackgroundRunning']?.({}, 1, {})).rejects.toThrow(code(401))
  const requestId = objectOf(manager['requestSuspendDelay']?.('reason', () => undefined))['requestId']
  expect(await manager['getRemainingDelayTime']?.(requestId)).toBeGreaterThan(100_000)
  manager['cancelSuspendDelay']?.(requestId)
  expect(await manager['getRemainingDelayTime']?.(requestId)).toBe(0)
})

test('a page may have one continuous task, with the permission', async () => {
  const managerOf = (permissions: string[]): Namespace => {
    const { kits } = testKits({}, { ability: { ...testAbility, kind: 'page', permissions } })
    return Reflect.get(
      kits.load('@ohos.resourceschedule.backgroundTaskManager') ?? {},
      'default',
    ) as Namespace
  }
  await expect(managerOf([])['startBackgroundRunning']?.({}, 1, {})).rejects.toThrow(code(201))
  const manager = managerOf(['ohos.permission.KEEP_BACKGROUND_RUNNING'])
  await expect(manager['stopBackgroundRunning']?.({})).rejects.toThrow(code(9800005))
  await manager['startBackgroundRunning']?.({}, 1, {})
  await expect(manager['startBackgroundRunning']?.({}, ['location'], {})).rejects.toThrow(code(9800005))
  expect(await manager['getAllContinuousTasks']?.({})).toMatchObject([{ backgroundModes: ['dataTransfer'] }])
  await manager['stopBackgroundRunning']?.({})
  expect(await manager['getAllContinuousTasks']?.({})).toEqual([])
  expect(() => manager['startBackgroundRunning']?.({}, ['nothing'], {})).toThrow(code(401))
})
