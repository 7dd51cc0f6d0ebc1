import { expect, test } from 'vitest'

import { testKits } from '../../test/test-runtime.ts'
import { absentNames } from './absent-names.ts'
import { providedKits } from './provided-names.ts'

const namespaces = Object.values(providedKits)
  .flatMap((members) => Object.entries(members))
  .flatMap(([name, module]) => (module === null || absentNames[name] === undefined ? [] : [{ name, module }]))

const lacking = (name: string, member: string): unknown =>
  expect.objectContaining({ code: 801, data: expect.objectContaining({ field: `${name}.${member}` }) })

test.each(namespaces)('what $name lacks fails 801 with its name', ({ name, module }) => {
  const namespace: unknown = Reflect.get(testKits().kits.load(module) ?? {}, 'default')
  for (const member of absentNames[name] ?? []) {
    const absent: unknown = Reflect.get(namespace as object, member)
    expect([member, typeof absent]).toEqual([member, 'function'])
    expect(() => (absent as () => unknown)()).toThrow(lacking(name, member))
  }
})

test('names that later devices have are among them', () => {
  expect(absentNames['bundleManager']).toEqual(
    expect.arrayContaining(['getBundleInfo', 'getBundleNameByUid']),
  )
  expect(absentNames['i18n']).toEqual(expect.arrayContaining(['SimpleDateTimeFormat', 'getChineseCalendar']))
  expect(absentNames['notificationManager']).toContain('openNotificationSettingsWithResult')
  expect(absentNames['statistics']).toContain('getSelfTrafficStats')
})

test('what is static on the device fails so where it is static', () => {
  const i18n: unknown = Reflect.get(testKits().kits.load('@ohos.i18n') ?? {}, 'default')
  const part = (name: string): Record<string, () => unknown> => Reflect.get(i18n as object, name)
  expect(() => part('TimeZone')['getCityDisplayName']?.()).toThrow(lacking('TimeZone', 'getCityDisplayName'))
  expect(() => part('I18NUtil')['setUnicodeWrappedBidiDirection']?.()).toThrow(
    lacking('i18n.I18NUtil', 'setUnicodeWrappedBidiDirection'),
  )
})
