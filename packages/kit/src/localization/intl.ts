import { provide } from '../provided.ts'

/**
 * `intl` of `@kit.LocalizationKit`: the language's own `Intl`, which is what the device's kit is made of too. Options are those of ECMA-402.
 */
export function intlNamespace(): object {
  return provide('intl', {
    Locale: Intl.Locale,
    DateTimeFormat: Intl.DateTimeFormat,
    NumberFormat: Intl.NumberFormat,
    Collator: Intl.Collator,
    PluralRules: Intl.PluralRules,
    RelativeTimeFormat: Intl.RelativeTimeFormat,
  })
}
