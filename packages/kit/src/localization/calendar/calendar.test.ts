import fc from 'fast-check'
import { expect, test } from 'vitest'

import { i18nNamespace } from '../i18n.ts'
import { Calendar } from './calendar.ts'

const others = [
  'buddhist',
  'chinese',
  'coptic',
  'ethiopic',
  'hebrew',
  'indian',
  'islamic_civil',
  'islamic_tbla',
].concat('islamic_umalqura', 'japanese', 'persian')
const times = fc.date({ min: new Date('1900-01-01'), max: new Date('2200-01-01'), noInvalidDate: true })

function calendarAt(time: Date, zone = 'UTC', type = 'gregory', locale = 'de-AT'): Calendar {
  const calendar = new Calendar(locale, type)
  calendar.setTimeZone(zone)
  calendar.setTime(time)
  return calendar
}
const fieldsOf = (calendar: Calendar, ...names: string[]): number[] => names.map((name) => calendar.get(name))

test('fields of the Gregorian calendar are those of a Date', () => {
  fc.assert(
    fc.property(times, (time) => {
      const names = ['year', 'month', 'date', 'hour_of_day', 'minute', 'second', 'millisecond', 'day_of_week']
      expect(fieldsOf(calendarAt(time), ...names)).toEqual([
        time.getUTCFullYear(),
        time.getUTCMonth(),
        time.getUTCDate(),
        time.getUTCHours(),
        time.getUTCMinutes(),
        time.getUTCSeconds(),
        time.getUTCMilliseconds(),
        time.getUTCDay() + 1,
      ])
    }),
  )
})

test('weeks of the year are those of ISO 8601 where the locale has them so', () => {
  fc.assert(
    fc.property(times, (time) => {
      // The week of a day is that of its Thursday, and its number how many Thursdays the year has had.
      const day = Math.floor(time.getTime() / 86_400_000)
      const thursday = new Date((day - ((((day + 3) % 7) + 7) % 7) + 3) * 86_400_000)
      const start = Date.UTC(thursday.getUTCFullYear(), 0, 1)
      const week = Math.floor((thursday.getTime() - start) / (7 * 86_400_000)) + 1
      expect(fieldsOf(calendarAt(time), 'week_of_year', 'year_woy')).toEqual([
        week,
        thursday.getUTCFullYear(),
      ])
    }),
  )
})

test('in the United States the first of January is in the first week, which begins on Sunday', () => {
  const calendar = calendarAt(new Date('2026-01-01T12:00Z'), 'UTC', 'gregory', 'en-US')
  expect([calendar.getFirstDayOfWeek(), calendar.getMinimalDaysInFirstWeek()]).toEqual([1, 1])
  expect(fieldsOf(calendar, 'week_of_year', 'dow_local', 'week_of_month')).toEqual([1, 5, 1])
  calendar.setTime(new Date('2025-12-28T12:00Z'))
  expect(fieldsOf(calendar, 'week_of_year', 'year_woy')).toEqual([1, 2026])
})

test.each(others)('what is set in the calendar %s is what it shows, and the time stays', (type) => {
  fc.assert(
    fc.property(times, (time) => {
      const calendar = calendarAt(time, 'Asia/Kolkata', type)
      fc.pre(calendar.get('is_leap_month') === 0)
      const [year = 0, month = 0, date = 0] = fieldsOf(calendar, 'year', 'month', 'date')
      calendar.set(year, month, date)
      expect(calendar.getTimeInMillis()).toBe(time.getTime())
    }),
    { numRuns: 20 },
  )
})

test('known days of other calendars', () => {
  const shown = (type: string): number[] =>
    fieldsOf(calendarAt(new Date('2026-03-22T00:00Z'), 'UTC', type), 'year', 'month', 'date')
  expect(shown('hebrew')).toEqual([5786, 7, 4])
  expect(shown('chinese')).toEqual([2026, 1, 4])
  expect(shown('japanese')).toEqual([8, 2, 22])
  expect(shown('buddhist')).toEqual([2569, 2, 22])
  expect(shown('persian')).toEqual([1405, 0, 2])
})

test('adding: months end where they end, days keep the hour, hours do not; what overflows is carried', () => {
  const calendar = calendarAt(new Date('2024-01-31T10:00Z'))
  calendar.add('month', 1)
  expect(new Date(calendar.getTimeInMillis()).toISOString()).toBe('2024-02-29T10:00:00.000Z')
  calendar.add('year', 1)
  expect(new Date(calendar.getTimeInMillis()).toISOString()).toBe('2025-02-28T10:00:00.000Z')
  calendar.add('month', -14)
  expect(fieldsOf(calendar, 'year', 'month', 'date')).toEqual([2023, 11, 28])
  const vienna = calendarAt(new Date('2024-03-30T11:00Z'), 'Europe/Vienna')
  vienna.add('date', 1)
  expect(fieldsOf(vienna, 'hour_of_day', 'zone_offset', 'dst_offset')).toEqual([12, 3_600_000, 3_600_000])
  vienna.add('hour', -24)
  expect(fieldsOf(vienna, 'date', 'hour_of_day')).toEqual([30, 11])
  vienna.set(2024, 12, 32, 5)
  expect(fieldsOf(vienna, 'year', 'month', 'date', 'hour_of_day')).toEqual([2025, 1, 1, 5])
})

test('weekends, names, differences, mistakes', () => {
  const saturday = new Date('2026-03-21T12:00Z')
  expect([calendarAt(saturday).isWeekend(), calendarAt(new Date()).isWeekend(saturday)]).toEqual([true, true])
  expect(calendarAt(saturday, 'UTC', 'gregory', 'ar-EG').isWeekend(new Date('2026-03-20T12:00Z'))).toBe(true)
  expect(calendarAt(saturday, 'UTC', 'japanese').getDisplayName('en')).toBe('Japanese Calendar')
  expect(calendarAt(saturday).compareDays(new Date('2026-03-22T13:00Z'))).toBe(2)
  expect(calendarAt(saturday).compareDays(new Date('2026-03-21T11:00Z'))).toBe(-1)
  const calendar = calendarAt(saturday)
  for (const wrong of [
    () => calendar.get('fortnight'),
    () => calendar.add('era', 1),
    () => calendar.setTimeZone('Nowhere'),
    () => calendar.setFirstDayOfWeek(8),
    () => new Calendar('de', 'mayan'),
    () => new Calendar('no locale'),
  ])
    expect(wrong).toThrow(expect.objectContaining({ code: 401 }))
})

type Functions = Record<string, (...args: unknown[]) => unknown>

test('lines are broken after blanks and hyphens, and between ideographs', () => {
  const i18n = i18nNamespace() as Functions
  const line = i18n['getLineInstance']?.('en') as Functions
  line['setLineBreakText']?.('well-known words 中文')
  const all = [line['first']?.()]
  for (let at = line['next']?.(); at !== -1; at = line['next']?.()) all.push(at)
  expect(all).toEqual([0, 5, 11, 17, 18, 19].filter((place) => all.includes(place)))
  expect(all).toContain(11)
  expect(all.at(-1)).toBe(19)
  expect([line['previous']?.() === 19, line['following']?.(11), line['isBoundary']?.(3)]).toEqual([
    false,
    17,
    false,
  ])
})

test('characters, normal forms, orders of dates, the nearest locale', () => {
  const i18n = i18nNamespace() as unknown as Record<string, Functions>
  const { Unicode = {}, Normalizer = {}, I18NUtil = {}, TimeZone = {} } = i18n
  expect([Unicode['isDigit']?.('٣'), Unicode['isLetter']?.('3'), Unicode['isRTL']?.('א')]).toEqual([
    true,
    false,
    true,
  ])
  expect([Unicode['getType']?.('a'), Unicode['getType']?.(' ')]).toEqual([
    'U_LOWERCASE_LETTER',
    'U_SPACE_SEPARATOR',
  ])
  expect([Unicode['isWhitespace']?.('\u00a0'), Unicode['isSpaceChar']?.('\u00a0')]).toEqual([false, true])
  const form = Normalizer['getInstance']?.(2) as Functions
  expect(form['normalize']?.('ü')).toBe('u\u0308')
  expect(I18NUtil['getDateOrder']?.('de')).toBe('d-L-y')
  expect(I18NUtil['getDateOrder']?.('zh')).toBe('y-L-d')
  expect(I18NUtil['getTimePeriodName']?.(8, 'en')).toBe('in the morning')
  expect(I18NUtil['getBestMatchLocale']?.('zh-TW', ['en', 'zh-CN', 'zh-Hant'])).toBe('zh-Hant')
  expect(I18NUtil['getBestMatchLocale']?.('fr', ['en'])).toBe('')
  expect(TimeZone['getAvailableIDs']?.()).toContain('Europe/Vienna')
})
