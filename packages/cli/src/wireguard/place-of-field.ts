import { configLines, readList } from '@vpnext/wireguard'
import type { ProfileFile } from './profile-file.ts'

/** Which key of a wg-quick file becomes which part of a `VpnConfig`. */
const keys: ReadonlyMap<string, string> = new Map([
  ['addresses', 'Address'],
  ['dnsAddresses', 'DNS'],
  ['mtu', 'MTU'],
  ['routes', 'AllowedIPs'],
  ['searchDomains', 'DNS'],
])

/** Where in a file something stands; without a line where several could be meant. */
export interface FieldPlace {
  readonly key: string
  readonly line: number | undefined
}

/**
 * Where a file says what `create` refuses.
 *
 * @param field as the API's error names it: `config.mtu`, `config.addresses[2].address.address`
 * @returns undefined for what is of no file
 */
export function placeOfField(
  { bytes, path }: Pick<ProfileFile, 'bytes' | 'path'>,
  field: string,
): FieldPlace | undefined {
  const [, part = '', index] = /^config\.(\w+)(?:\[(\d+)\])?/.exec(field) ?? []
  const key = keys.get(part)
  if (key === undefined) return undefined
  const lines = linesOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'), path, key)
  if (lines.length === 1) return { key, line: lines[0]?.line }
  if (part !== 'addresses') return { key, line: undefined }
  const each = lines.flatMap(({ line, values }) => values.map(() => line))
  return { key, line: each[Number(index)] }
}

/** The lines of a file that `parseWgQuick` has accepted which have this key, and the parts of their values. */
function linesOf(
  text: string,
  path: string,
  key: string,
): { readonly line: number; readonly values: string[] }[] {
  const settings = [...configLines(text, path)].filter((line) => line.kind === 'setting')
  return settings
    .filter((setting) => setting.key.toLowerCase() === key.toLowerCase())
    .map(({ line, value }) => ({ line, values: readList(value) }))
}
