/** A word of `hilog -v`. */
export type LogFormat = (typeof logFormats)[number]

/** All of them; several may be given. */
export const logFormats = [
  'time',
  'epoch',
  'monotonic',
  'msec',
  'usec',
  'nsec',
  'year',
  'zone',
  'color',
  'wrap',
] as const

const two = (value: number, width = 2): string => String(value).padStart(width, '0')

/**
 * When a line was written, as the device's hilog prints it: local date and time unless the formats say otherwise. The log
 * knows milliseconds; finer digits are zero.
 *
 * @param at milliseconds since the epoch
 * @param bootedAt the same, of the machine's start
 */
export function logTime(at: number, formats: ReadonlySet<LogFormat>, bootedAt: number): string {
  const zeros = formats.has('nsec') ? 6 : formats.has('usec') ? 3 : 0
  const part = two(((at % 1000) + 1000) % 1000, 3) + '0'.repeat(zeros)
  if (formats.has('epoch')) return `${Math.floor(at / 1000)}.${part}`
  if (formats.has('monotonic')) {
    const since = Math.max(0, at - bootedAt)
    return `${Math.floor(since / 1000)}.${two(since % 1000, 3)}${'0'.repeat(zeros)}`
  }
  const date = new Date(at)
  const year = formats.has('year') ? `${date.getFullYear()}-` : ''
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map((value) => two(value)).join(':')
  const zone = formats.has('zone') ? ` ${offsetOf(date)}` : ''
  return `${year}${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}.${part}${zone}`
}

/** `+0800`. */
function offsetOf(date: Date): string {
  const minutes = -date.getTimezoneOffset()
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`
}
