import { domainToASCII, domainToUnicode } from 'node:url'

import { netError } from './net-error.ts'

/** `connection.ConversionProcess`. */
export const conversionProcess = {
  NO_CONFIGURATION: 0,
  ALLOW_UNASSIGNED: 1,
  USE_STD3_ASCII_RULES: 2,
} as const

/** Letters, digits and hyphens, which no label begins or ends with (RFC 1123, 2.1). */
const plainLabel = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i

/** A name with the labels of other scripts in Punycode (RFC 3492). @throws BusinessError 2100001 */
export function dnsAscii(host: unknown, flag: unknown): string {
  const { name, isStrict } = read(host, flag)
  const ascii = domainToASCII(name)
  const labels = ascii.split('.')
  // The last label of a name with a dot at its end is empty.
  const named = labels.at(-1) === '' ? labels.slice(0, -1) : labels
  if (ascii === '' || named.some((label) => label.length > 63))
    throw netError(2100001, 'host is no name that can be written so')
  if (isStrict && named.some((label) => !plainLabel.test(label)))
    throw netError(2100001, 'host has other characters than letters, digits and hyphens')
  return ascii
}

/** The reverse of {@link dnsAscii}. @throws BusinessError 2100001 */
export function dnsUnicode(host: unknown, flag: unknown): string {
  const { name } = read(host, flag)
  const text = domainToUnicode(name)
  if (text === '') throw netError(2100001, 'host is no name that can be written so')
  return text
}

/** The calls know no 401. */
function read(host: unknown, flag: unknown): { readonly name: string; readonly isStrict: boolean } {
  if (typeof host !== 'string' || host === '') throw netError(2100001, 'host is not a name')
  const process = flag ?? conversionProcess.NO_CONFIGURATION
  if (typeof process !== 'number' || ![0, 1, 2].includes(process))
    throw netError(2100001, 'flag is none of ConversionProcess')
  return { name: host, isStrict: process === conversionProcess.USE_STD3_ASCII_RULES }
}
