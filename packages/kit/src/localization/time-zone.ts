import { parameterError, textParameter } from '../parameters.ts'
import { missingMembers, standIn } from '../provided.ts'
import { localeParameter } from './locale-parameter.ts'
import { systemLocale } from './system-locale.ts'

const formats = new Map<string, Intl.DateTimeFormat>()

/** The name of a time zone; the machine's when none is given. @throws BusinessError 401 */
export function timeZoneName(value?: unknown): string {
  if (value === undefined) return new Intl.DateTimeFormat().resolvedOptions().timeZone
  const name = textParameter(value, 'zoneID')
  try {
    formatOf(name)
    return name
  } catch {
    throw parameterError('zoneID', `there is no time zone ${name}`)
  }
}

/** Milliseconds east of UTC at a time. */
export function offsetAt(zone: string, at: number): number {
  const [, sign, hours = '0', minutes = '0'] = /GMT([+-])(\d+):(\d+)/.exec(zonePart(formatOf(zone), at)) ?? []
  const size = (Number(hours) * 60 + Number(minutes)) * 60_000
  return sign === '-' ? -size : size
}

/** Milliseconds east of UTC in winter of the year that a time is in. */
export function standardOffset(zone: string, at: number): number {
  const year = new Date(at).getUTCFullYear()
  return Math.min(offsetAt(zone, Date.UTC(year, 0, 1)), offsetAt(zone, Date.UTC(year, 6, 1)))
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
  formats.set(zone, format)
  return format
}

function zonePart(format: Intl.DateTimeFormat, at: number): string {
  return format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? ''
}

/** `i18n.TimeZone`; `getTimeZone` makes them. */
export class TimeZone {
  readonly #id: string

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('TimeZone'))
    // Most of what lacks is static.
    standIn(this, 'TimeZone')
  }

  /** @throws BusinessError 401 */
  constructor(id?: unknown) {
    this.#id = timeZoneName(id)
  }

  static getAvailableIDs(): string[] {
    return Intl.supportedValuesOf('timeZone')
  }

  getID(): string {
    return this.#id
  }

  /** `getDisplayName(locale?, isDST?)`. @throws BusinessError 401 */
  getDisplayName(locale: unknown = systemLocale().baseName, isDst?: unknown): string {
    const format = new Intl.DateTimeFormat(localeParameter(locale, 'locale').baseName, {
      timeZone: this.#id,
      timeZoneName: 'long',
    })
    return zonePart(format, isDst === undefined ? Date.now() : this.#timeWith(isDst === true))
  }

  /** In winter. */
  getRawOffset(): number {
    return standardOffset(this.#id, Date.now())
  }

  getOffset(date: unknown = Date.now()): number {
    return offsetAt(this.#id, Number(date))
  }

  /** A time of this year in summer time, or not; any where there is none. */
  #timeWith(summer: boolean): number {
    const year = new Date().getUTCFullYear()
    const [winter, other] = [Date.UTC(year, 0, 1), Date.UTC(year, 6, 1)]
    const northern = offsetAt(this.#id, other) >= offsetAt(this.#id, winter)
    return northern === summer ? other : winter
  }
}
