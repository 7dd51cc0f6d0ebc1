import { isIpText } from './ip-text.ts'
import type { IpFamily, NumberRange } from './route/objects.ts'

/** Refuses input. @throws RangeError `<field>: <reason>` */
export function refuse(field: string, reason: string): never {
  throw new RangeError(`${field}: ${reason}`)
}

/** Passes an integer 0..max on. @throws RangeError naming the field */
export function unsigned(field: string, value: number, max = 0xffff_ffff): number {
  if (Number.isInteger(value) && value >= 0 && value <= max) return value
  return refuse(field, `${value} is not an integer from 0 to ${max}`)
}

/** Passes a range on; a number n stands for n..n. @throws RangeError naming the field */
export function range(field: string, value: number | NumberRange, max: number): NumberRange {
  const { from, to } = typeof value === 'number' ? { from: value, to: value } : value
  unsigned(`${field}.from`, from, max)
  unsigned(`${field}.to`, to, max)
  return from <= to ? { from, to } : refuse(field, `${from} is above ${to}`)
}

/** Refuses a text that is no address of the family. */
export function refuseIp(field: string, text: string, family: IpFamily): never {
  return refuse(field, `${JSON.stringify(text)} is not an IPv${family} address`)
}

/** Passes an address text on. @throws RangeError naming the field */
export function ip(field: string, text: string, family: IpFamily): string {
  return isIpText(text, family) ? text : refuseIp(field, text, family)
}

/** Cuts `net/len` apart; the address itself is not looked at. @throws RangeError naming the field */
export function prefix(field: string, text: string, family: IpFamily): { address: string; length: number } {
  const slash = text.indexOf('/')
  const digits = text.slice(slash + 1)
  const length = Number(digits)
  if (slash < 0 || !/^\d{1,3}$/.test(digits) || length > (family === 4 ? 32 : 128)) {
    refuse(field, `${JSON.stringify(text)} is not an IPv${family} prefix`)
  }
  return { address: text.slice(0, slash), length }
}

/** Passes the name of a link on: 1..15 bytes, no blank, no slash, not `.` or `..`. @throws RangeError naming the field */
export function linkName(field: string, name: string): string {
  if (!/^[^\s/:\0]+$/.test(name) || Buffer.byteLength(name) > 15 || name === '.' || name === '..') {
    refuse(field, `${JSON.stringify(name)} is not the name of a link (1 to 15 bytes)`)
  }
  return name
}
