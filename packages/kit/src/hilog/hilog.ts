import { provide } from '../provided.ts'
import type { LogLevel, LogLine } from '../runtime.ts'
import { formatHilog } from './format.ts'

/** `hilog.LogLevel`: numbers as on the device. */
const levels = { DEBUG: 3, INFO: 4, WARN: 5, ERROR: 6, FATAL: 7 } as const

/** Domains of applications are 16 bits. */
const domainMask = 0xffff
/** Longest tag, in characters, as on the device. */
const maxTag = 31

/** Types are the author's business: a line with wrong ones is logged as it is. */
type Write = (domain: unknown, tag: unknown, format: unknown, ...values: unknown[]) => void

/** `hilog` of `@kit.PerformanceAnalysisKit`. */
export interface HilogNamespace extends Record<LogLevel, Write> {
  readonly LogLevel: typeof levels
  isLoggable(domain: number, tag: string, level: number): boolean
}

/**
 * Builds the namespace.
 *
 * @param log takes each line; the domain is cut to 16 bits and the tag to 31 characters
 */
export function hilogNamespace(log: (line: LogLine) => void): HilogNamespace {
  const writer =
    (level: LogLevel): Write =>
    (domain, tag, format, ...values) => {
      log({
        level,
        domain: Number(domain) & domainMask,
        tag: String(tag).slice(0, maxTag),
        message: formatHilog(String(format), values),
      })
    }
  return provide('hilog', {
    LogLevel: levels,
    debug: writer('debug'),
    info: writer('info'),
    warn: writer('warn'),
    error: writer('error'),
    fatal: writer('fatal'),
    isLoggable: (domain: number, tag: string, level: number): boolean =>
      Number.isInteger(domain) &&
      domain >= 0 &&
      domain <= domainMask &&
      typeof tag === 'string' &&
      Object.values<number>(levels).includes(level),
  })
}
