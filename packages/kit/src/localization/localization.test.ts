import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { testKits } from '../../test/test-runtime.ts'
import { i18nNamespace } from './i18n.ts'
import { intlNamespace } from './intl.ts'
import { readResourceTable } from './resource-table.ts'

type Namespace = Record<string, (...args: unknown[]) => unknown>
const code = (number: number): unknown => expect.objectContaining({ code: number })

let bundle: string
let manager: Namespace
let globals: Namespace
beforeEach(() => {
  bundle = mkdtempSync(join(tmpdir(), 'vpnext-resources-'))
  write('archive.json', { app: {}, modules: [{ name: 'entry' }, { name: 'library' }] })
  write('resources/@app/base/element/string.json', {
    string: [
      { name: 'app_name', value: 'The app' },
      { name: 'both', value: 'of the app' },
    ],
  })
  write('resources/entry/base/element/all.json', {
    string: [
      { name: 'both', value: 'of the module' },
      { name: 'greeting', value: 'Hello %s, %2$d times %.1f%%' },
      { name: 'link', value: '$string:app_name' },
      { name: 'round', value: '$string:round' },
    ],
    plural: [
      {
        name: 'servers',
        value: [
          { quantity: 'one', value: '%d server' },
          { quantity: 'other', value: '%d servers' },
        ],
      },
    ],
    strarray: [{ name: 'list', value: [{ value: 'a' }, { value: '$string:app_name' }] }],
    color: [
      { name: 'short', value: '#123' },
      { name: 'long', value: '#80112233' },
    ],
    integer: [{ name: 'count', value: 7 }],
    float: [{ name: 'size', value: '12.5vp' }],
    boolean: [{ name: 'on', value: true }],
  })
  write('resources/entry/base/media/icon.png', 'PNG')
  write('resources/entry/rawfile/ca/root.pem', 'certificate')
  write('resources/library/base/element/string.json', { string: [{ name: 'own', value: 'of the library' }] })
  const { kits } = testKits({}, { bundleFolder: bundle })
  manager = Reflect.get(kits.context ?? {}, 'resourceManager')
  globals = {}
  kits.installGlobals(globals)
})
afterEach(() => rmSync(bundle, { recursive: true }))

function write(path: string, content: unknown): void {
  mkdirSync(dirname(join(bundle, path)), { recursive: true })
  writeFileSync(join(bundle, path), typeof content === 'string' ? content : JSON.stringify(content))
}

test('a locale without a name is that of the process', () => {
  const { Locale } = intlNamespace() as { Locale: typeof Intl.Locale }
  const make = Locale as unknown as new (locale?: string, options?: Intl.LocaleOptions) => Intl.Locale
  const { language, region } = new make()
  const { System } = i18nNamespace() as { System: { getSystemLocaleInstance(): Intl.Locale } }
  expect({ language, region }).toEqual({
    language: System.getSystemLocaleInstance().language,
    region: System.getSystemLocaleInstance().region,
  })
  expect(new make('zh-CN', { hourCycle: 'h23' }).toString()).toBe('zh-CN-u-hc-h23')
  expect(new make('zh').maximize().toString()).toBe('zh-Hans-CN')
})

test('texts are found by name, by what $r gives, and by its id', async () => {
  const resource = globals['$r']?.('app.string.greeting', 'you', 2, 0.5) as { id: number; type: number }
  expect(resource).toEqual({
    id: expect.any(Number),
    type: 10003,
    params: ['you', 2, 0.5],
    bundleName: 'com.example.vpn',
    moduleName: 'entry',
  })
  expect(manager['getStringSync']?.(resource.id)).toBe('Hello %s, %2$d times %.1f%%')
  expect(manager['getStringByNameSync']?.('both')).toBe('of the module')
  expect(manager['getStringByNameSync']?.('link')).toBe('The app')
  expect(await manager['getStringByName']?.('app_name')).toBe('The app')
  expect(
    await new Promise((resolve) =>
      manager['getString']?.(resource.id, (_e: unknown, text: unknown) => resolve(text)),
    ),
  ).toMatch(/^Hello/)
})

test('place holders are filled, and mistakes in it have their codes', () => {
  const greeting = globals['$r']?.('app.string.greeting') as { id: number }
  const { id } = greeting
  expect(manager['getStringSync']?.(id, 'you', 2)).toBe('Hello you, 2 times 2.0%')
  expect(manager['getStringSync']?.(globals['$r']?.('app.string.greeting', 'me', 3))).toBe(
    'Hello me, 3 times 3.0%',
  )
  expect(() => manager['getStringSync']?.(id, 1)).toThrow(code(9001007))
  expect(() => manager['getStringByNameSync']?.('greeting', 1)).toThrow(code(9001008))
})

test('other kinds of values', async () => {
  expect(manager['getPluralStringByNameSync']?.('servers', 1)).toBe('1 server')
  expect(manager['getIntPluralStringByNameSync']?.('servers', 3, 3)).toBe('3 servers')
  expect(manager['getStringArrayByNameSync']?.('list')).toEqual(['a', 'The app'])
  expect([manager['getColorByNameSync']?.('short'), await manager['getColorByName']?.('long')]).toEqual([
    0xff112233, 0x80112233,
  ])
  expect([manager['getNumberByName']?.('count'), manager['getNumberByName']?.('size')]).toEqual([7, 12.5])
  expect(manager['getBooleanByName']?.('on')).toBe(true)
  expect(Buffer.from(manager['getMediaByNameSync']?.('icon') as Uint8Array).toString()).toBe('PNG')
  expect(manager['getMediaBase64ByNameSync']?.('icon')).toBe('data:image/png;base64,UE5H')
})

test('raw files are read, listed and opened, and stay below their folder', async () => {
  expect(Buffer.from((await manager['getRawFileContent']?.('ca/root.pem')) as Uint8Array).toString()).toBe(
    'certificate',
  )
  expect(manager['getRawFileListSync']?.('')).toEqual(['ca'])
  expect(manager['isRawDir']?.('ca')).toBe(true)
  const descriptor = manager['getRawFdSync']?.('ca/root.pem') as { fd: number; length: number }
  expect([descriptor.length, manager['getRawFdSync']?.('ca/root.pem')]).toEqual([11, descriptor])
  manager['closeRawFdSync']?.('ca/root.pem')
  for (const path of ['none', '../base/media/icon.png', 'ca/../../x', 'a\0b']) {
    expect(() => manager['getRawFileContentSync']?.(path)).toThrow(code(9001005))
  }
  expect(() => manager['closeRawFdSync']?.('ca/root.pem')).toThrow(code(9001005))
})

test('media and raw files have their names of API 6, too', async () => {
  const icon = globals['$r']?.('app.media.icon') as { id: number }
  expect(Buffer.from((await manager['getMedia']?.(icon.id)) as Uint8Array).toString()).toBe('PNG')
  expect(await manager['getMediaBase64']?.(icon.id)).toBe('data:image/png;base64,UE5H')
  const outcome = await new Promise<unknown[]>((resolve) =>
    manager['getRawFile']?.('ca/root.pem', (...args: unknown[]) => resolve(args)),
  )
  expect([outcome[0], Buffer.from(outcome[1] as Uint8Array).toString()]).toEqual([undefined, 'certificate'])
})

test('what is not there is told apart', () => {
  expect(globals['$r']?.('app.string.none')).toMatchObject({ id: -1 })
  expect(() => manager['getStringSync']?.(-1)).toThrow(code(9001001))
  const color = globals['$r']?.('app.color.short') as { id: number }
  expect(() => manager['getStringSync']?.(color.id)).toThrow(code(9001002))
  expect(() => manager['getStringByNameSync']?.('none')).toThrow(code(9001004))
  expect(() => manager['getStringByNameSync']?.('round')).toThrow(code(9001006))
  expect(() => manager['getStringSync']?.('text')).toThrow(code(401))
})

test('another module of the bundle has its own resources and folders', () => {
  const { kits } = testKits({}, { bundleFolder: bundle })
  const context = kits.context as unknown as Record<string, Namespace> & Namespace
  const library = context['createModuleContext']?.('library') as Record<string, unknown>
  expect(library['filesDir']).toBe('/data/storage/el2/base/haps/library/files')
  expect((library['resourceManager'] as Namespace)['getStringByNameSync']?.('own')).toBe('of the library')
  expect(library['resourceDir']).toBe(join(bundle, 'resources/library/resfile'))
  expect(() => context['createModuleContext']?.('none')).toThrow(code(401))
  expect(() => context['createModuleContext']?.('com.example.other', 'entry')).toThrow(code(202))
})

test('the language chooses among qualified folders', () => {
  const text = (value: string): unknown => ({ string: [{ name: 'x', value }] })
  for (const [qualifier, value] of [
    ['base', 'any'],
    ['de', 'German'],
    ['de_AT', 'Austrian'],
    ['zh_Hant', 'Traditional'],
  ] as const) {
    write(`resources/entry/${qualifier}/element/x.json`, text(value))
  }
  const inLocale = (locale: string): unknown =>
    readResourceTable([join(bundle, 'resources/entry')], new Intl.Locale(locale)).value('string', 'x')
  expect(['de-AT', 'de-DE', 'zh-Hant-TW', 'fr'].map(inLocale)).toEqual([
    'Austrian',
    'German',
    'Traditional',
    'any',
  ])
})

test('a folder may want several things; the weightiest decides', () => {
  const text = (value: string): unknown => ({ string: [{ name: 'x', value }] })
  const read = (locale: string, ...qualifiers: string[]): unknown => {
    rmSync(join(bundle, 'resources/other'), { recursive: true, force: true })
    for (const qualifier of qualifiers) write(`resources/other/${qualifier}/element/x.json`, text(qualifier))
    return readResourceTable([join(bundle, 'resources/other')], new Intl.Locale(locale)).value('string', 'x')
  }
  expect(read('de-AT', 'base', 'de-light', 'de_AT-vertical')).toBe('de-light')
  expect(read('de-AT', 'base', 'de_AT-dark', 'de-tablet', '2in1-light-mdpi')).toBe('2in1-light-mdpi')
  expect(read('de-AT', 'base', 'de', 'horizontal-2in1', 'zh_CN-light')).toBe('de')
  expect(read('en-US', 'base', 'light', '2in1', 'phone')).toBe('2in1')
  expect(read('en-US', 'base', 'xxxldpi', 'ldpi', 'sdpi')).toBe('sdpi')
  expect(read('en-US', 'base', 'mcc460_mnc00-en_US', 'nonsense', 'en-nonsense', 'en-')).toBe('base')
  expect(read('zh-TW', 'base', 'zh_Hans', 'zh', 'zh_Hant', 'zh_Hant_HK')).toBe('zh_Hant')
  expect(read('zh-TW', 'base', 'zh_TW', 'zh_Hant', 'zh')).toBe('zh_TW')
})

test('resources of another module have its name in brackets', () => {
  write('resources/library/base/element/string.json', { string: [{ name: 'title', value: 'The library' }] })
  const reference = (name: string): object => globals['$r']?.(name, 1) as object
  const title = reference('[library].string.title')
  expect(title).toMatchObject({ type: 10003, params: [1], moduleName: 'library' })
  expect(manager['getStringSync']?.(title)).toBe('The library')
  for (const none of [
    '[library].string.greeting',
    '[../entry].string.greeting',
    'sys.string.greeting',
    'app',
    '',
  ])
    expect(reference(none)).toMatchObject({ id: -1 })
  expect(globals['$rawfile']?.('[library].one/two.png')).toMatchObject({
    params: ['one/two.png'],
    moduleName: 'library',
  })
  expect(globals['$rawfile']?.('one/two.png')).toMatchObject({ params: ['one/two.png'], moduleName: 'entry' })
})

test('the languages of the bundle are those that it has folders for', () => {
  for (const qualifier of ['de', 'zh_Hant_TW', 'en_US-phone-dark', 'tv', 'car-mdpi', 'dark', 'mcc310-en']) {
    write(`resources/entry/${qualifier}/element/x.json`, {})
  }
  write('resources/@app/fr/element/x.json', {})
  expect(manager['getLocales']?.()).toEqual(['de', 'en-US', 'fr', 'zh-Hant-TW'])
})

test('another locale, for one manager alone', () => {
  write('resources/entry/de/element/string.json', { string: [{ name: 'both', value: 'des Moduls' }] })
  const german = manager['getOverrideResourceManager']?.({ locale: 'de_AT' }) as Namespace
  const both = globals['$r']?.('app.string.both')
  expect([german['getStringSync']?.(both), manager['getStringSync']?.(both)]).toEqual([
    'des Moduls',
    'of the module',
  ])
  expect(german['getOverrideConfiguration']?.()).toMatchObject({ locale: 'de_AT' })
  german['updateOverrideConfiguration']?.({ locale: 'fr' })
  expect(german['getStringByNameSync']?.('both')).toBe('of the module')
  expect(() => manager['getOverrideResourceManager']?.({ locale: '?' })).toThrow(code(401))
})

test('i18n tells the locale of the process', () => {
  const i18n = i18nNamespace() as Namespace & { System: Namespace }
  const { System } = i18n
  const locale = System['getSystemLocale']?.() as string
  expect(new Intl.Locale(locale).language).toBe(System['getSystemLanguage']?.())
  expect(System['getDisplayLanguage']?.('de', 'en-GB')).toBe('German')
  expect(System['getDisplayCountry']?.('AT', 'de')).toBe('Österreich')
  expect([i18n['isRTL']?.('ar-EG'), i18n['isRTL']?.('en')]).toEqual([true, false])
  const zone = i18n['getTimeZone']?.('Asia/Kolkata') as Namespace
  expect([zone['getID']?.(), zone['getOffset']?.(0), zone['getRawOffset']?.()]).toEqual([
    'Asia/Kolkata',
    19_800_000,
    19_800_000,
  ])
  const summer = i18n['getTimeZone']?.('Europe/Vienna') as Namespace
  expect([summer['getOffset']?.(Date.UTC(2024, 6, 1)), summer['getRawOffset']?.()]).toEqual([
    7_200_000, 3_600_000,
  ])
  expect(() => i18n['getTimeZone']?.('Nowhere/None')).toThrow(code(401))
  System['setAppPreferredLanguage']?.('fr')
  expect(System['getAppPreferredLanguage']?.()).toBe('fr')
})
