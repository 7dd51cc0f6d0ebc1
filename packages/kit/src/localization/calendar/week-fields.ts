/** How weeks are counted: the first day of one (1: Sunday), and the days of a year or month that its first week has at least. */
export interface WeekRules {
  readonly firstDay: number
  readonly minimalDays: number
}

/**
 * The number of the week that a day is in.
 *
 * @param day of the period, from 1
 * @param weekday of that day, 1: Sunday
 * @returns 0 for a day before the period's first week
 */
export function weekOf(day: number, weekday: number, { firstDay, minimalDays }: WeekRules): number {
  const startsAt = modulo(weekday - firstDay - day + 1, 7)
  const week = Math.floor((day + startsAt - 1) / 7)
  return 7 - startsAt >= minimalDays ? week + 1 : week
}

/**
 * The week of the year that a day is in, and the year that week belongs to.
 *
 * @param lengths days of the year before and of the year
 */
export function weekOfYear(
  {
    year,
    dayOfYear,
    weekday,
  }: { readonly year: number; readonly dayOfYear: number; readonly weekday: number },
  lengths: { readonly before: number; readonly own: number },
  rules: WeekRules,
): { readonly week: number; readonly year: number } {
  const week = weekOf(dayOfYear, weekday, rules)
  if (week === 0) return { week: weekOf(dayOfYear + lengths.before, weekday, rules), year: year - 1 }
  // The first day of the next year decides whether this week is its first.
  const ahead = lengths.own - dayOfYear + 1
  const nextIsFirst = weekOf(1, modulo(weekday + ahead - 1, 7) + 1, rules) === 1
  const fromStart = modulo(weekday - rules.firstDay, 7)
  if (nextIsFirst && ahead <= 6 - fromStart) return { week: 1, year: year + 1 }
  return { week, year }
}

export function modulo(value: number, by: number): number {
  return ((value % by) + by) % by
}
