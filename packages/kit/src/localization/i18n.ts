import { parameterError, textParameter } from '../parameters.ts'
import { provide } from '../provided.ts'
import { systemLocale } from './system-locale.ts'

/** Languages written from right to left, by the default script of a locale (Unicode CLDR, characterOrder). */
const rightToLeftScripts: ReadonlySet<string> = new Set([
  'Arab',
  'Hebr',
  'Thaa',
  'Syrc',
  'Nkoo',
  'Adlm',
  'Rohg',
])

/** `i18n` of `@kit.LocalizationKit`: what the locale of the process is, and names of languages and regions. */
export function i18nNamespace(): object {
  const locale = systemLocale()
  let preferred: string | undefined
  const language = (): string =>
    locale.script === undefined ? locale.language : `${locale.language}-${locale.script}`
  const usesTwelveHours = (): boolean =>
    new Intl.DateTimeFormat(locale.baseName, { hour: 'numeric' }).resolvedOptions().hour12 === true

  // A class with static members on the device; the callers see no difference.
  const System = provide('i18n.System', {
    getSystemLanguage: language,
    getSystemRegion: () => locale.region ?? '',
    getSystemLocale: () => locale.baseName,
    getSystemLanguages: () => [language()],
    getPreferredLanguageList: () => [language()],
    getFirstPreferredLanguage: language,
    getAppPreferredLanguage: () => preferred ?? language(),
    setAppPreferredLanguage: (value: unknown) => {
      preferred = value === 'default' ? undefined : localeParameter(value, 'language').baseName
    },
    getDisplayLanguage: (value: unknown, displayLocale: unknown) =>
      displayName('language', localeParameter(value, 'language').baseName, displayLocale),
    getDisplayCountry: (value: unknown, displayLocale: unknown) =>
      displayName('region', regionOf(value), displayLocale),
    is24HourClock: () => !usesTwelveHours(),
    getUsingLocalDigit: () => false,
  })
  return provide('i18n', {
    System,
    isRTL: (value: unknown) =>
      rightToLeftScripts.has(localeParameter(value, 'locale').maximize().script ?? ''),
    getTimeZone: (zone?: unknown) => timeZone(zone),
  })
}

/** `i18n.TimeZone`. */
function timeZone(value: unknown): object {
  const id =
    value === undefined
      ? new Intl.DateTimeFormat().resolvedOptions().timeZone
      : textParameter(value, 'zoneID')
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en', { timeZone: id, timeZoneName: 'longOffset' })
  } catch {
    throw parameterError('zoneID', `there is no time zone ${id}`)
  }
  const offset = (date: unknown = Date.now()): number => offsetOf(format, Number(date))
  return provide('TimeZone', {
    getID: () => id,
    getDisplayName: (locale: unknown = systemLocale().baseName) =>
      partOf(
        new Intl.DateTimeFormat(localeParameter(locale, 'locale').baseName, {
          timeZone: id,
          timeZoneName: 'long',
        }),
        Date.now(),
      ),
    getOffset: offset,
    getRawOffset: () => {
      const year = new Date().getUTCFullYear()
      return Math.min(offset(Date.UTC(year, 0, 1)), offset(Date.UTC(year, 6, 1)))
    },
  })
}

/** Milliseconds east of UTC at a time. */
function offsetOf(format: Intl.DateTimeFormat, at: number): number {
  const [, sign, hours = '0', minutes = '0'] = /GMT([+-])(\d+):(\d+)/.exec(partOf(format, at)) ?? []
  const size = (Number(hours) * 60 + Number(minutes)) * 60_000
  return sign === '-' ? -size : size
}

function partOf(format: Intl.DateTimeFormat, at: number): string {
  return format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? ''
}

function displayName(type: 'language' | 'region', code: string, displayLocale: unknown): string {
  const names = new Intl.DisplayNames([localeParameter(displayLocale, 'locale').baseName], { type })
  return names.of(code) ?? code
}

/** A region's code, alone or in a locale: `AT`, `de-AT`. */
function regionOf(value: unknown): string {
  const text = textParameter(value, 'country')
  if (/^([A-Za-z]{2}|\d{3})$/.test(text)) return text.toUpperCase()
  const { region } = localeParameter(text, 'country')
  if (region === undefined) throw parameterError('country', 'names no region')
  return region
}

/** @throws BusinessError 401; `890001` on the device of newer versions, which is the same mistake */
function localeParameter(value: unknown, field: string): Intl.Locale {
  try {
    return new Intl.Locale(textParameter(value, field).replaceAll('_', '-'))
  } catch {
    throw parameterError(field, 'is not a locale')
  }
}
