import { configLines, readList } from '@vpnext/wireguard'
import type { ProfileFile } from './profile-file.ts'

/** Which key of a wg-quick file becomes which part of a `VpnConfig`, and which option of an interface or a peer. */
const keys: ReadonlyMap<string, string> = new Map([
  ['addresses', 'Address'],
  ['dnsAddresses', 'DNS'],
  ['mtu', 'MTU'],
  ['routes', 'AllowedIPs'],
  ['searchDomains', 'DNS'],
  ['listenPort', 'ListenPort'],
  ['publicKey', 'PublicKey'],
  ['endpoint', 'Endpoint'],
])

/** What is needed of a profile to tell that. */
type FieldSource = Pick<ProfileFile, 'bytes' | 'path'> & {
  readonly settings: { readonly peers: readonly { readonly publicKey: string }[] }
}

/** Where in a file something stands; without a line where several could be meant. */
export interface FieldPlace {
  readonly key: string
  readonly line: number | undefined
}

/**
 * Where a file says what `create` or WireGuard refuses.
 *
 * @param profile whose peers are those of the settings: of one in several sections the last one that says it is meant
 * @param field as the error names it: `config.mtu`, `config.addresses[2].address.address`, `interface.listenPort`,
 *   `peers[1].endpoint`
 * @returns undefined for what is of no file
 */
export function placeOfField({ bytes, path, settings }: FieldSource, field: string): FieldPlace | undefined {
  const [, peer, part = '', index] =
    /^(?:config|interface|peers\[(\d+)\])\.(\w+)(?:\[(\d+)\])?/.exec(field) ?? []
  const key = keys.get(part)
  if (key === undefined) return undefined
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
  const all = linesOf(text, path, key)
  // Of several in one section the last one counts.
  if (peer !== undefined) {
    const publicKey = settings.peers[Number(peer)]?.publicKey
    const names = new Map(linesOf(text, path, 'PublicKey').map((line) => [line.peer, line.values.join('')]))
    return { key, line: all.findLast((line) => names.get(line.peer) === publicKey)?.line }
  }
  if (part === 'listenPort' || all.length === 1) return { key, line: all.at(-1)?.line }
  if (part !== 'addresses') return { key, line: undefined }
  const each = all.flatMap(({ line, values }) => values.map(() => line))
  return { key, line: each[Number(index)] }
}

/** The last line of a file that `parseWgQuick` has accepted which has this key; undefined when there is none. */
export function lineOfKey(text: string, path: string, key: string): number | undefined {
  return linesOf(text, path, key).at(-1)?.line
}

interface KeyLine {
  readonly line: number
  /** Which section `[Peer]` it is in, from 0. */
  readonly peer: number
  /** The parts of the value. */
  readonly values: string[]
}

/** The lines of a file that `parseWgQuick` has accepted which have this key. */
function linesOf(text: string, path: string, key: string): KeyLine[] {
  const found: KeyLine[] = []
  let peer = -1
  for (const line of configLines(text, path)) {
    if (line.kind === 'section') peer += line.name.toLowerCase() === 'peer' ? 1 : 0
    else if (line.key.toLowerCase() === key.toLowerCase())
      found.push({ line: line.line, peer, values: readList(line.value) })
  }
  return found
}
