/** The locale of the process, e.g. `de-AT`: what ICU takes from the environment, `en-US` for the `C` locale. */
export function systemLocale(): Intl.Locale {
  const { locale } = new Intl.DateTimeFormat().resolvedOptions()
  const { language, script, region } = new Intl.Locale(locale)
  // ICU calls the C locale en-US-u-va-posix.
  return new Intl.Locale(language, {
    ...(script !== undefined && { script }),
    ...(region !== undefined && { region }),
  })
}
