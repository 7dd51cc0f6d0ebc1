import { formatWithOptions, inspect } from 'node:util'

import type { LogLevel, LogLine } from '../runtime.ts'

type Print = (...values: unknown[]) => void

/** The part of `console` that ArkTS has. */
export interface LogConsole {
  readonly log: Print
  readonly debug: Print
  readonly info: Print
  readonly warn: Print
  readonly error: Print
  readonly trace: Print
  readonly group: Print
  readonly groupCollapsed: Print
  groupEnd(): void
  assert(condition: unknown, ...values: unknown[]): void
  count(label?: string): void
  countReset(label?: string): void
  time(label?: string): void
  timeEnd(label?: string): void
  timeLog(label?: string, ...values: unknown[]): void
  dir(value: unknown): void
  table(value: unknown): void
}

/** Blanks that one console.group adds. */
const groupIndent = 2

/** A `console` whose lines go to the log: tag `console`, domain 0. */
export function logConsole(log: (line: LogLine) => void): LogConsole {
  const counts = new Map<string, number>()
  const starts = new Map<string, number>()
  let depth = 0

  const print = (level: LogLevel, text: string): void => {
    const indent = ' '.repeat(depth * groupIndent)
    const message = indent === '' ? text : text.replaceAll(/^/gm, indent)
    log({ level, domain: 0, tag: 'console', message })
  }
  const printer =
    (level: LogLevel): Print =>
    (...values) =>
      print(level, formatWithOptions({ colors: false }, ...values))
  const group: Print = (...values) => {
    if (values.length > 0) print('info', formatWithOptions({ colors: false }, ...values))
    depth++
  }
  const elapsed = (label: string): string | undefined => {
    const start = starts.get(label)
    if (start !== undefined) return `${label}: ${(performance.now() - start).toFixed(3)}ms`
    print('warn', `there is no timer ${label}`)
    return undefined
  }

  return {
    log: printer('info'),
    debug: printer('debug'),
    info: printer('info'),
    warn: printer('warn'),
    error: printer('error'),
    trace(...values) {
      const stack = new Error('trace').stack?.split('\n').slice(2).join('\n') ?? ''
      print('warn', `Trace: ${formatWithOptions({ colors: false }, ...values)}\n${stack}`)
    },
    group,
    groupCollapsed: group,
    groupEnd() {
      depth = Math.max(0, depth - 1)
    },
    assert(condition, ...values) {
      if (condition) return
      const text = formatWithOptions({ colors: false }, ...values)
      print('warn', text === '' ? 'Assertion failed' : `Assertion failed: ${text}`)
    },
    count(label = 'default') {
      const count = (counts.get(label) ?? 0) + 1
      counts.set(label, count)
      print('info', `${label}: ${count}`)
    },
    countReset(label = 'default') {
      counts.delete(label)
    },
    time(label = 'default') {
      starts.set(label, performance.now())
    },
    timeEnd(label = 'default') {
      const text = elapsed(label)
      starts.delete(label)
      if (text !== undefined) print('info', text)
    },
    timeLog(label = 'default', ...values) {
      const text = elapsed(label)
      if (text !== undefined)
        print('info', [text, formatWithOptions({ colors: false }, ...values)].join(' ').trimEnd())
    },
    dir(value) {
      print('info', inspect(value))
    },
    table(value) {
      print('info', inspect(value, { compact: false }))
    },
  }
}
