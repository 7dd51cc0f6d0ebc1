/** A day in a calendar, the months from 0. */
export interface CalendarDay {
  readonly year: number
  readonly month: number
  readonly day: number
  /** An inserted month of a lunisolar calendar. */
  readonly isLeapMonth: boolean
}

export const msPerDay = 86_400_000

/** Days of one kind of calendar, numbered from 1970-01-01 of the Gregorian one. */
export interface CalendarDays {
  dayOf(number: number): CalendarDay
  /**
   * The number of a day; of one that is not there, of the next that is.
   *
   * @param near a day of the era that the year is counted in
   */
  numberOf(year: number, month: number, day: number, near: number): number
}

/** @param calendar of BCP 47, e.g. `chinese` */
export function calendarDays(calendar: string): CalendarDays {
  const floor = floors[calendar]
  return floor === undefined ? new SolarDays(calendar) : new ListedDays(calendar, floor)
}

/** Calendars with years of their own, and the first day that is looked at, within their first years. */
const floors: Readonly<Record<string, number>> = {
  chinese: -900_000,
  coptic: -615_000,
  ethiopic: -716_000,
  hebrew: -2_092_000,
  indian: -690_000,
  'islamic-civil': -492_000,
  'islamic-tbla': -492_000,
  'islamic-umalqura': -492_000,
  persian: -492_000,
}
/** The last day that is looked at, in the ninth millennium. */
const ceiling = 2_500_000

/** Months of the Hebrew calendar as ICU numbers them: Adar I is there in leap years alone. */
const hebrewMonths: ReadonlyMap<string, number> = new Map([
  ...['Tishri', 'Heshvan', 'Kislev', 'Tevet', 'Shevat', 'Adar I', 'Adar', 'Nisan', 'Iyar', 'Sivan', 'Tamuz']
    .concat('Av', 'Elul')
    .map((name, index) => [name, index] as const),
  ['Adar II', 6],
])

/** The days of the Gregorian calendar, with the years of another: of Buddha, of the emperors of Japan. */
class SolarDays implements CalendarDays {
  readonly #read: (number: number) => ReadonlyMap<string, string>

  constructor(calendar: string) {
    this.#read = reader(calendar)
  }

  dayOf(number: number): CalendarDay {
    const date = new Date(number * msPerDay)
    const year = date.getUTCFullYear() - this.#shift(number)
    return { year, month: date.getUTCMonth(), day: date.getUTCDate(), isLeapMonth: false }
  }

  numberOf(year: number, month: number, day: number, near: number): number {
    const date = new Date(0)
    date.setUTCFullYear(year + this.#shift(near), month, day)
    return Math.floor(date.getTime() / msPerDay)
  }

  /** What a Gregorian year has more. */
  #shift(number: number): number {
    const year = new Date(number * msPerDay).getUTCFullYear()
    return year < 1 ? 0 : year - Number(this.#read(number).get('year') ?? year)
  }
}

/** Any other calendar: ICU knows its days, and this reads what it writes. Years, months and days only ever grow. */
class ListedDays implements CalendarDays {
  readonly #read: (number: number) => ReadonlyMap<string, string>
  readonly #floor: number

  constructor(calendar: string, floor: number) {
    this.#read = reader(calendar)
    this.#floor = floor
  }

  dayOf(number: number): CalendarDay {
    const parts = this.#read(number)
    const month = parts.get('month') ?? ''
    return {
      year: Number(parts.get('relatedYear') ?? parts.get('year')),
      month: hebrewMonths.get(month) ?? Number.parseInt(month, 10) - 1,
      day: Number(parts.get('day')),
      isLeapMonth: month.endsWith('bis'),
    }
  }

  numberOf(year: number, month: number, day: number): number {
    let [low, high] = [this.#floor, ceiling]
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      const there = this.dayOf(middle)
      if (isBefore(there, { year, month, day, isLeapMonth: false })) low = middle + 1
      else high = middle
    }
    return low
  }
}

function isBefore(one: CalendarDay, other: CalendarDay): boolean {
  if (one.year !== other.year) return one.year < other.year
  if (one.month !== other.month) return one.month < other.month
  return one.isLeapMonth === other.isLeapMonth ? one.day < other.day : other.isLeapMonth
}

function reader(calendar: string): (number: number) => ReadonlyMap<string, string> {
  const format = new Intl.DateTimeFormat(`en-u-ca-${calendar}-nu-latn`, {
    timeZone: 'UTC',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  })
  return (number) =>
    new Map<string, string>(format.formatToParts(number * msPerDay).map(({ type, value }) => [type, value]))
}

/** The first day of the month that is `count` months from a day's own. */
export function monthFrom(days: CalendarDays, number: number, count: number): number {
  let first = number - days.dayOf(number).day + 1
  for (let step = 0; step < Math.abs(count); step += 1) {
    const within = count > 0 ? first + lengthOfMonth(days, first) : first - 1
    first = within - days.dayOf(within).day + 1
  }
  return first
}

/** The day of a month that begins at `first`; its last one where it has not so many. */
export function dayWithin(days: CalendarDays, first: number, day: number): number {
  return first + Math.min(day, lengthOfMonth(days, first)) - 1
}

/** Days of the month that begins at a day: 5 of the last in some calendars, 32 at most. */
function lengthOfMonth(days: CalendarDays, first: number): number {
  const lengths = Array.from({ length: 32 }, (_, index) => index + 1)
  return lengths.find((length) => days.dayOf(first + length).day === 1) ?? lengths.length
}
