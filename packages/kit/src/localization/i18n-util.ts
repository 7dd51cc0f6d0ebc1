import { BusinessError } from '@vpnext/api'

import { integerParameter, listParameter, textParameter } from '../parameters.ts'
import { provide } from '../provided.ts'
import { localeParameter } from './locale-parameter.ts'
import { systemLocale } from './system-locale.ts'
import { threeLetterLanguage, threeLetterRegion } from './three-letter-codes.ts'
import { convertUnit } from './unit-conversion.ts'

/** Marks of direction around the parts of a path, Unicode bidirectional algorithm. */
const leftToRight = '\u200e'

/** `i18n.I18NUtil`. */
export function i18nUtil(): object {
  return provide('i18n.I18NUtil', {
    unitConvert: convertUnit,
    /** The three letters of ISO 639-2 for a locale's language. @throws BusinessError 890001 */
    getThreeLetterLanguage: (locale: unknown) => {
      const text = textParameter(locale, 'locale')
      return known(threeLetterLanguage(localeParameter(text, 'locale').language), text)
    },
    /** The three letters of ISO 3166-1 for a locale's region. @throws BusinessError 890001 */
    getThreeLetterRegion: (locale: unknown) => {
      const text = textParameter(locale, 'locale')
      return known(threeLetterRegion(localeParameter(text, 'locale').region ?? ''), text)
    },
    /** Year, month and day in the order of a language, e.g. `y-L-d`. */
    getDateOrder: (locale: unknown) => {
      const letters: Readonly<Record<string, string>> = { year: 'y', month: 'L', day: 'd' }
      return new Intl.DateTimeFormat(localeParameter(locale, 'locale').baseName)
        .formatToParts()
        .flatMap(({ type }) => letters[type] ?? [])
        .join('-')
    },
    /** What part of the day an hour is, e.g. `in the morning`. */
    getTimePeriodName: (hour: unknown, locale: unknown = systemLocale().baseName) => {
      const at = new Date(Date.UTC(2024, 0, 1, integerParameter(hour, 'hour', 0, 23)))
      const format = new Intl.DateTimeFormat(localeParameter(locale, 'locale').baseName, {
        timeZone: 'UTC',
        hour: 'numeric',
        dayPeriod: 'short',
        hourCycle: 'h12',
      })
      return format.formatToParts(at).find(({ type }) => type === 'dayPeriod')?.value ?? ''
    },
    /** Of a list of locales the one that is nearest; '' when none has the language. */
    getBestMatchLocale: (locale: unknown, list: unknown) => {
      const wanted = localeParameter(locale, 'locale').maximize()
      const likeness = (other: Intl.Locale): number => {
        if (other.language !== wanted.language) return 0
        return 1 + (other.script === wanted.script ? 2 : 0) + (other.region === wanted.region ? 1 : 0)
      }
      const all = listParameter(list, 'localeList', textParameter)
      const likenesses = all.map((text) => likeness(localeParameter(text, 'localeList').maximize()))
      const best = Math.max(0, ...likenesses)
      return best === 0 ? '' : (all[likenesses.indexOf(best)] ?? '')
    },
    /** A path that is shown as it is among text from right to left. */
    getUnicodeWrappedFilePath: (path: unknown, delimiter: unknown = '/', locale?: unknown) => {
      if (locale !== undefined) localeParameter(locale, 'locale')
      const between = textParameter(delimiter, 'delimiter')
      const parts = textParameter(path, 'path').split(between)
      return leftToRight + parts.join(`${leftToRight}${between}${leftToRight}`) + leftToRight
    },
  })
}

/** @throws BusinessError 890001, as the device has it for a locale without such a code */
function known(code: string | undefined, locale: string): string {
  if (code !== undefined) return code
  throw new BusinessError(890001, 'Invalid parameter. Possible causes: Parameter verification failed.', {
    field: 'locale',
    reason: `${locale} has no code of three letters`,
  })
}
