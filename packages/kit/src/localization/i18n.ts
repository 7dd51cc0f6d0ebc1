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

/** Where people measure temperatures in degrees Fahrenheit (Unicode CLDR, unitPreferences). */
const fahrenheitRegions: ReadonlySet<string> = new Set(['US', 'BS', 'BZ', 'KY', 'PR', 'PW'])
const temperatureNames: Readonly<Record<number, string>> = { 1: 'celsius', 2: 'fahrenheit', 3: 'kelvin' }

/** `i18n.WeekDay`. */
const weekDays = { MON: 1, TUE: 2, WED: 3, THU: 4, FRI: 5, SAT: 6, SUN: 7 } as const

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
    getSystemLocaleInstance: () => new Intl.Locale(locale.baseName),
    /** Regions that the language is spoken in, as far as Unicode CLDR has names for them. */
    getSystemCountries: (value: unknown) => countriesOf(localeParameter(value, 'language')),
    /** Whether the language, and the region, are those of the machine. */
    isSuggested: (value: unknown, region?: unknown) =>
      localeParameter(value, 'language').language === locale.language &&
      (region === undefined || regionOf(region) === locale.region),
    /** A language without a script that it is written in anyway. */
    getSimplifiedLanguage: (value?: unknown) =>
      (value === undefined ? locale : localeParameter(value, 'language')).minimize().baseName,
    getTemperatureType: () => (fahrenheitRegions.has(locale.region ?? '') ? 2 : 1),
    getTemperatureName: (type: unknown) => temperatureNames[Number(type)] ?? '',
    /** 1: Monday, 7: Sunday. */
    getFirstDayOfWeek: () => firstDayOf(locale),
  })
  return provide('i18n', {
    System,
    // Older code asks these of the module itself.
    getSystemLanguage: System.getSystemLanguage,
    getSystemLanguages: System.getSystemLanguages,
    getSystemCountries: System.getSystemCountries,
    getSystemRegion: System.getSystemRegion,
    getSystemLocale: System.getSystemLocale,
    getDisplayCountry: System.getDisplayCountry,
    getDisplayLanguage: System.getDisplayLanguage,
    getPreferredLanguageList: System.getPreferredLanguageList,
    getFirstPreferredLanguage: System.getFirstPreferredLanguage,
    getAppPreferredLanguage: System.getAppPreferredLanguage,
    isSuggested: System.isSuggested,
    is24HourClock: System.is24HourClock,
    TemperatureType: provide('i18n.TemperatureType', { CELSIUS: 1, FAHRENHEIT: 2, KELVIN: 3 }),
    WeekDay: provide('i18n.WeekDay', weekDays),
    TimeZone: provide('i18n.TimeZone', {
      getAvailableIDs: () => Intl.supportedValuesOf('timeZone'),
    }),
    isRTL: (value: unknown) =>
      rightToLeftScripts.has(localeParameter(value, 'locale').maximize().script ?? ''),
    getTimeZone: (zone?: unknown) => timeZone(zone),
  })
}

/** All regions of which the language is the likely one. */
function countriesOf({ language }: Intl.Locale): string[] {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('')
  const codes = letters.flatMap((first) => letters.map((second) => first + second))
  const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })
  return codes.filter(
    (code) => names.of(code) !== undefined && new Intl.Locale(`und-${code}`).maximize().language === language,
  )
}

/** As ICU has it; node 20 and 22 call it differently. */
function firstDayOf(locale: Intl.Locale): number {
  const tell: unknown = Reflect.get(locale, 'getWeekInfo')
  const info: unknown =
    typeof tell === 'function' ? Reflect.apply(tell, locale, []) : Reflect.get(locale, 'weekInfo')
  const day: unknown = typeof info === 'object' && info !== null ? Reflect.get(info, 'firstDay') : undefined
  return typeof day === 'number' ? day : weekDays.MON
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
