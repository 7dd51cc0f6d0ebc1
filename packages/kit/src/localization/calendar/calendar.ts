import { integerParameter, parameterError, textParameter } from '../../parameters.ts'
import { missingMembers } from '../../provided.ts'
import { localeParameter } from '../locale-parameter.ts'
import { systemLocale } from '../system-locale.ts'
import { offsetAt, standardOffset, timeZoneName } from '../time-zone.ts'
import { type CalendarDays, calendarDays, dayWithin, monthFrom, msPerDay } from './calendar-days.ts'
import { type WeekRules, modulo, weekOf, weekOfYear } from './week-fields.ts'

/** Calendars by the device's names, and those of BCP 47. */
const types: Readonly<Record<string, string>> = {
  buddhist: 'buddhist',
  chinese: 'chinese',
  coptic: 'coptic',
  ethiopic: 'ethiopic',
  gregory: 'gregory',
  hebrew: 'hebrew',
  indian: 'indian',
  islamic_civil: 'islamic-civil',
  islamic_tbla: 'islamic-tbla',
  islamic_umalqura: 'islamic-umalqura',
  japanese: 'japanese',
  persian: 'persian',
}

/** Of `add`: what of a time each field is. */
const units: Readonly<Record<string, number | 'year' | 'month'>> = {
  year: 'year',
  month: 'month',
  week_of_year: 7 * msPerDay,
  week_of_month: 7 * msPerDay,
  day_of_week_in_month: 7 * msPerDay,
  date: msPerDay,
  day_of_year: msPerDay,
  day_of_week: msPerDay,
  hour: 3_600_000,
  hour_of_day: 3_600_000,
  minute: 60_000,
  second: 1000,
  millisecond: 1,
}

/** Day 0, 1970-01-01, in Julian days at noon. */
const julianEpoch = 2_440_588

/** `i18n.Calendar`: a time in a calendar and a time zone. Months count from 0, days of the week from 1, Sunday. */
export class Calendar {
  readonly #type: string
  readonly #days: CalendarDays
  #zone: string
  #at: number = Date.now()
  #rules: WeekRules
  readonly #weekend: ReadonlySet<number>

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('Calendar'))
  }

  /** @throws BusinessError 401 */
  constructor(locale: unknown, type?: unknown) {
    const own = localeParameter(locale, 'locale')
    const asked =
      type === undefined ? (own.calendar?.replaceAll('-', '_') ?? 'gregory') : textParameter(type, 'type')
    const name = types[asked]
    if (name === undefined) throw parameterError('type', `is none of ${Object.keys(types).join(', ')}`)
    this.#type = name
    this.#days = calendarDays(name)
    this.#zone = timeZoneName()
    const info = weekInfo(own)
    this.#rules = { firstDay: sundayFirst(info.firstDay), minimalDays: info.minimalDays }
    this.#weekend = new Set(info.weekend.map(sundayFirst))
  }

  /** @param time a Date, or ms since 1970 */
  setTime(time: unknown): void {
    this.#at = timeParameter(time, 'date')
  }

  /** `set(year, month, date, hour?, minute?, second?)`: what is not given stays. @throws BusinessError 401 */
  set(...fields: unknown[]): void {
    const names = ['year', 'month', 'date', 'hour', 'minute', 'second'] as const
    const given = names.map((name, index) =>
      fields[index] === undefined && index > 2 ? undefined : integerParameter(fields[index], name),
    )
    const [year = 0, month = 0, date = 1, hour, minute, second] = given
    const time = this.#timeOfDay()
    const first = this.#days.numberOf(year, month, 1, this.#local(this.#at).day)
    const day = first + date - 1
    this.#setLocal(
      day,
      (hour ?? time.hour) * 3_600_000 +
        (minute ?? time.minute) * 60_000 +
        (second ?? time.second) * 1000 +
        time.millisecond,
    )
  }

  /** @throws BusinessError 401 */
  setTimeZone(zone: unknown): void {
    this.#zone = timeZoneName(zone)
  }

  getTimeZone(): string {
    return this.#zone
  }

  getFirstDayOfWeek(): number {
    return this.#rules.firstDay
  }

  setFirstDayOfWeek(value: unknown): void {
    this.#rules = { ...this.#rules, firstDay: integerParameter(value, 'value', 1, 7) }
  }

  getMinimalDaysInFirstWeek(): number {
    return this.#rules.minimalDays
  }

  setMinimalDaysInFirstWeek(value: unknown): void {
    this.#rules = { ...this.#rules, minimalDays: integerParameter(value, 'value', 1, 7) }
  }

  getTimeInMillis(): number {
    return this.#at
  }

  /** Of the calendar, in a language. */
  getDisplayName(locale: unknown): string {
    const names = new Intl.DisplayNames([localeParameter(locale, 'locale').baseName], { type: 'calendar' })
    return names.of(this.#type) ?? this.#type
  }

  /** Whether it is weekend where the calendar's locale is. @param date another time, a Date */
  isWeekend(date?: unknown): boolean {
    const at = date === undefined ? this.#at : timeParameter(date, 'date')
    return this.#weekend.has(weekdayOf(this.#local(at).day))
  }

  /** Days from this time to another, a part of one as a whole; less than 0 for what is before. */
  compareDays(date: unknown): number {
    const days = (timeParameter(date, 'date') - this.#at) / msPerDay
    return days < 0 ? Math.floor(days) : Math.ceil(days)
  }

  /** @throws BusinessError 401 */
  add(field: unknown, amount: unknown): void {
    const name = textParameter(field, 'field')
    const unit = Object.hasOwn(units, name) ? units[name] : undefined
    if (unit === undefined) throw parameterError('field', `is none of ${Object.keys(units).join(', ')}`)
    const count = integerParameter(amount, 'amount', -1_000_000_000, 1_000_000_000)
    const { day, ms } = this.#local(this.#at)
    if (typeof unit === 'number') {
      // Days keep the hour over a change of the clocks; hours do not.
      if (unit >= msPerDay) this.#setLocal(day + (count * unit) / msPerDay, ms)
      else this.#at += count * unit
      return
    }
    const there = this.#days.dayOf(day)
    const first =
      unit === 'month'
        ? monthFrom(this.#days, day, integerParameter(count, 'amount', -12_000, 12_000))
        : this.#days.numberOf(there.year + count, there.month, 1, day)
    this.#setLocal(dayWithin(this.#days, first, there.day), ms)
  }

  /** @throws BusinessError 401 for an unknown field */
  get(field: unknown): number {
    const name = textParameter(field, 'field')
    const value = this.#fields()[name]
    if (value === undefined) throw parameterError('field', 'is the name of no field')
    return value()
  }

  #fields(): Readonly<Record<string, () => number>> {
    const { day, ms } = this.#local(this.#at)
    const there = this.#days.dayOf(day)
    const time = this.#timeOfDay()
    const weekday = weekdayOf(day)
    const inYear = (): ReturnType<typeof weekOfYear> => {
      const start = this.#startOf(there.year)
      const dayOfYear = day - start + 1
      const lengths = {
        before: start - this.#startOf(there.year - 1),
        own: this.#startOf(there.year + 1) - start,
      }
      return weekOfYear({ year: there.year, dayOfYear, weekday }, lengths, this.#rules)
    }
    return {
      era: () => (this.#type === 'gregory' ? 1 : 0),
      year: () => there.year,
      extended_year: () =>
        ['buddhist', 'japanese'].includes(this.#type)
          ? new Date(day * msPerDay).getUTCFullYear()
          : there.year,
      month: () => there.month,
      date: () => there.day,
      day_of_year: () => day - this.#startOf(there.year) + 1,
      day_of_week: () => weekday,
      day_of_week_in_month: () => Math.floor((there.day - 1) / 7) + 1,
      dow_local: () => modulo(weekday - this.#rules.firstDay, 7) + 1,
      week_of_month: () => weekOf(there.day, weekday, this.#rules),
      week_of_year: () => inYear().week,
      year_woy: () => inYear().year,
      am_pm: () => (time.hour < 12 ? 0 : 1),
      hour: () => time.hour % 12,
      hour_of_day: () => time.hour,
      minute: () => time.minute,
      second: () => time.second,
      millisecond: () => time.millisecond,
      milliseconds_in_day: () => ms,
      zone_offset: () => standardOffset(this.#zone, this.#at),
      dst_offset: () => offsetAt(this.#zone, this.#at) - standardOffset(this.#zone, this.#at),
      julian_day: () => day + julianEpoch,
      is_leap_month: () => (there.isLeapMonth ? 1 : 0),
    }
  }

  /** Number of a year's first day. */
  #startOf(year: number): number {
    return this.#days.numberOf(year, 0, 1, this.#local(this.#at).day)
  }

  #timeOfDay(): { hour: number; minute: number; second: number; millisecond: number } {
    const { ms } = this.#local(this.#at)
    return {
      hour: Math.floor(ms / 3_600_000),
      minute: Math.floor(ms / 60_000) % 60,
      second: Math.floor(ms / 1000) % 60,
      millisecond: ms % 1000,
    }
  }

  /** The day and the ms of it that clocks of the zone show. */
  #local(at: number): { day: number; ms: number } {
    const shown = at + offsetAt(this.#zone, at)
    return { day: Math.floor(shown / msPerDay), ms: modulo(shown, msPerDay) }
  }

  /** The time at which clocks of the zone show it; in the hour that is left out in spring, one later. */
  #setLocal(day: number, ms: number): void {
    const shown = day * msPerDay + ms
    const guess = shown - offsetAt(this.#zone, shown)
    this.#at = shown - offsetAt(this.#zone, guess)
  }
}

function weekdayOf(day: number): number {
  return modulo(day + 4, 7) + 1
}

/** Monday 1 to Sunday 7, as Sunday 1 to Saturday 7. */
function sundayFirst(day: number): number {
  return (day % 7) + 1
}

function timeParameter(value: unknown, field: string): number {
  const time = value instanceof Date ? value.getTime() : value
  return integerParameter(time, field, -8.64e15, 8.64e15)
}

interface WeekInfo {
  readonly firstDay: number
  readonly minimalDays: number
  readonly weekend: readonly number[]
}

/**
 * Regions where the first week of a year has at least four days (CLDR, supplemental/weekData.xml, minDays); elsewhere one
 * does. ICU knows it, but tells nobody since ECMA-402 has dropped it (Node 24).
 */
const fourDayRegions = new Set(
  (
    'AD AN AT AX BE BG CH CZ DE DK EE ES FI FJ FO FR GB GF GG GI GP GR HU IE IM IS IT JE LI LT LU MC MQ NL NO PL PT RE ' +
    'RU SE SJ SK SM VA'
  ).split(' '),
)

/** As ICU has it; node 20 and 22 call it differently. */
export function weekInfo(locale: Intl.Locale = systemLocale()): WeekInfo {
  const tell: unknown = Reflect.get(locale, 'getWeekInfo')
  const info: unknown =
    typeof tell === 'function' ? Reflect.apply(tell, locale, []) : Reflect.get(locale, 'weekInfo')
  const { firstDay = 1, weekend = [6, 7] } = Object(info)
  const minimalDays = fourDayRegions.has(locale.maximize().region ?? '') ? 4 : 1
  return { firstDay, minimalDays, weekend }
}
