import { expect, test } from 'vitest'

import { i18nUtil } from './i18n-util.ts'

type Call = (...args: unknown[]) => unknown
const util = i18nUtil() as Readonly<Record<string, Call>>

test.each([
  [
    { unit: 'cup', measureSystem: 'US' },
    { unit: 'liter', measureSystem: 'SI' },
    1000,
    'long',
    '236.588 liters',
  ],
  [
    { unit: 'cup', measureSystem: 'US' },
    { unit: 'liter', measureSystem: 'SI' },
    1000,
    undefined,
    '236.588 L',
  ],
  [{ unit: 'gallon', measureSystem: 'UK' }, { unit: 'liter', measureSystem: 'SI' }, 1, 'narrow', '4.546L'],
  [
    { unit: 'fahrenheit', measureSystem: 'US' },
    { unit: 'celsius', measureSystem: 'SI' },
    212,
    'short',
    '100°C',
  ],
  [{ unit: 'mile', measureSystem: 'US' }, { unit: 'kilometer', measureSystem: 'SI' }, 1, 'short', '1.609 km'],
  // What is something else stays what it was.
  [{ unit: 'mile', measureSystem: 'US' }, { unit: 'liter', measureSystem: 'SI' }, 2, 'long', '2 miles'],
])('%o in %o', (from, to, value, style, text) => {
  expect(util['unitConvert']?.(from, to, value, 'en-US', style)).toBe(text)
})

test('what cannot be written is refused by name', () => {
  const liter = { unit: 'liter', measureSystem: 'SI' }
  const cup = { unit: 'cup', measureSystem: 'US' }
  const refused = (field: string): object =>
    expect.objectContaining({ code: 401, data: expect.objectContaining({ field }) as object }) as object
  expect(() => util['unitConvert']?.(liter, cup, 1, 'en')).toThrow(refused('toUnit.unit'))
  expect(() => util['unitConvert']?.({ unit: 'liter' }, cup, 1, 'en')).toThrow(
    refused('fromUnit.measureSystem'),
  )
  expect(() => util['unitConvert']?.(liter, liter, 1, 'en', 'loud')).toThrow(refused('style'))
})

test('codes of three letters are those of ISO 639-2 and ISO 3166-1', () => {
  expect(['zh-Hans-CN', 'de', 'fr-CA'].map((locale) => util['getThreeLetterLanguage']?.(locale))).toEqual([
    'zho',
    'deu',
    'fra',
  ])
  expect(['zh-Hans-CN', 'de-AT'].map((locale) => util['getThreeLetterRegion']?.(locale))).toEqual([
    'CHN',
    'AUT',
  ])
  expect(() => util['getThreeLetterLanguage']?.('xx')).toThrow(expect.objectContaining({ code: 890001 }))
  expect(() => util['getThreeLetterRegion']?.('zh')).toThrow(expect.objectContaining({ code: 890001 }))
})
