import { provide } from '../provided.ts'
import type { LogLevel, LogLine } from '../runtime.ts'
import { formatHilog } from './format.ts'

/** `hilog.LogLevel`: numbers as on the device. */
const levels = { DEBUG: 3, INFO: 4, WARN: 5, ERROR: 6, FATAL: 7 } as const

/** Domains of applications are 16 bits. */
const domainMask = 0xffff
/** Longest tag, in characters, as on the device. */
const maxTag = 31

/** `hilog.PreferStrategy`: which of two lowest levels counts, the system's or the bundle's. */
const strategies = { UNSET_LOGLEVEL: 0, PREFER_CLOSE_LOG: 1, PREFER_OPEN_LOG: 2 } as const

/** Types are the author's business: a line with wrong ones is logged as it is. */
type Write = (domain: unknown, tag: unknown, format: unknown, ...values: unknown[]) => void

/** `hilog` of `@kit.PerformanceAnalysisKit`. */
export interface HilogNamespace extends Record<LogLevel, Write> {
  readonly LogLevel: typeof levels
  readonly PreferStrategy: typeof strategies
  isLoggable(domain: number, tag: string, level: number): boolean
  setMinLogLevel(level: unknown): void
  setLogLevel(level: unknown, strategy: unknown): void
}

/**
 * Builds the namespace.
 *
 * @param log takes each line; the domain is cut to 16 bits and the tag to 31 characters
 */
export function hilogNamespace(log: (line: LogLine) => void): HilogNamespace {
  let least: number = levels.DEBUG
  const setLevel = (level: unknown): void => {
    if (isLevel(level)) least = level
  }
  const writer =
    (level: LogLevel, number: number): Write =>
    (domain, tag, format, ...values) => {
      if (number < least) return
      log({
        level,
        domain: Number(domain) & domainMask,
        tag: String(tag).slice(0, maxTag),
        message: formatHilog(String(format), listed(values)),
      })
    }
  return provide('hilog', {
    LogLevel: levels,
    debug: writer('debug', levels.DEBUG),
    info: writer('info', levels.INFO),
    warn: writer('warn', levels.WARN),
    error: writer('error', levels.ERROR),
    fatal: writer('fatal', levels.FATAL),
    isLoggable: (domain: number, tag: string, level: number): boolean =>
      Number.isInteger(domain) &&
      domain >= 0 &&
      domain <= domainMask &&
      typeof tag === 'string' &&
      isLevel(level) &&
      level >= least,
    /** Lines below it are not written, by this process. Anything that is no level changes nothing. */
    setMinLogLevel: setLevel,
    /** The same: there is no level of the system's that could differ. */
    setLogLevel: setLevel,
    PreferStrategy: provide('hilog.PreferStrategy', strategies),
  })
}

/** As on the device, one array in place of the values holds them: authors wrap hilog so. */
function listed(values: readonly unknown[]): readonly unknown[] {
  const [only] = values
  return values.length === 1 && Array.isArray(only) ? only : values
}

function isLevel(value: unknown): value is number {
  return Object.values<unknown>(levels).includes(value)
}
