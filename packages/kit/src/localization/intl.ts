import { provide } from '../provided.ts'
import { systemLocale } from './system-locale.ts'

/** `intl.Locale`: the language's own, and that of the process when none is named. */
class Locale extends Intl.Locale {
  /** @throws RangeError for what is no locale */
  constructor(locale: string | Intl.Locale = systemLocale(), options?: Intl.LocaleOptions) {
    super(locale, options)
  }
}

/**
 * `intl` of `@kit.LocalizationKit`: the language's own `Intl`, which is what the device's kit is made of too. Options are those of ECMA-402.
 */
export function intlNamespace(): object {
  return provide('intl', {
    Locale,
    DateTimeFormat: Intl.DateTimeFormat,
    NumberFormat: Intl.NumberFormat,
    Collator: Intl.Collator,
    PluralRules: Intl.PluralRules,
    RelativeTimeFormat: Intl.RelativeTimeFormat,
  })
}
