import { integerParameter, parameterError, textParameter } from '../parameters.ts'
import { missingMembers, provide } from '../provided.ts'
import { BreakIterator } from './break-iterator.ts'
import { Calendar, weekInfo } from './calendar/calendar.ts'
import { i18nUtil } from './i18n-util.ts'
import { localeParameter } from './locale-parameter.ts'
import { systemLocale } from './system-locale.ts'
import { TimeZone } from './time-zone.ts'
import { unicodeNamespace } from './unicode.ts'

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

/** In the order of `NormalizerMode`. */
const normalForms = ['NFC', 'NFD', 'NFKC', 'NFKD'] as const

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
    getFirstDayOfWeek: () => weekInfo(locale).firstDay,
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
    TimeZone,
    getTimeZone: (zone?: unknown) => new TimeZone(zone),
    Calendar,
    getCalendar: (calendarLocale: unknown, type?: unknown) => new Calendar(calendarLocale, type),
    BreakIterator,
    getLineInstance: (textLocale: unknown) => new BreakIterator(textLocale),
    I18NUtil: i18nUtil(),
    Unicode: unicodeNamespace(),
    Normalizer,
    NormalizerMode: provide('i18n.NormalizerMode', { NFC: 1, NFD: 2, NFKC: 3, NFKD: 4 }),
    isRTL: (value: unknown) =>
      rightToLeftScripts.has(localeParameter(value, 'locale').maximize().script ?? ''),
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

/** `i18n.Normalizer`. */
class Normalizer {
  readonly #form: (typeof normalForms)[number]

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('Normalizer'))
  }

  private constructor(form: (typeof normalForms)[number]) {
    this.#form = form
  }

  /** @param mode of `NormalizerMode`. @throws BusinessError 401 */
  static getInstance(mode: unknown): Normalizer {
    return new Normalizer(normalForms[integerParameter(mode, 'mode', 1, 4) - 1] ?? 'NFC')
  }

  normalize(text: unknown): string {
    return textParameter(text, 'text').normalize(this.#form)
  }
}
