/** A key of files that look like those of wg-quick, and are of something else. */
interface ForeignKey {
  /** Which other value there could be, by which it says nothing: then the file is one of WireGuard. */
  readonly plain: RegExp
  readonly reason: string
}

const disguise =
  "is AmneziaWG's, which disguises WireGuard; this is WireGuard itself, which such a server does not understand"
const off: ForeignKey = { plain: /^(0|off)$/i, reason: disguise }
/** Without a value there is no such packet. */
const empty: ForeignKey = { plain: /^$/, reason: disguise }

/**
 * Keys by their names in small letters. AmneziaWG (github.com/amnezia-vpn/amneziawg-tools, README): packets of junk (J), what is put before
 * messages (S), types of messages (H), packets that look like other protocols (I).
 */
const foreign: ReadonlyMap<string, ForeignKey> = new Map<string, ForeignKey>([
  ...['jc', 'jmin', 'jmax', 's1', 's2', 's3', 's4', 'itime', 'advancedsecurity'].map(
    (name) => [name, off] as const,
  ),
  ...['i1', 'i2', 'i3', 'i4', 'i5', 'j1', 'j2', 'j3'].map((name) => [name, empty] as const),
  ...[1, 2, 3, 4].map((type) => [`h${type}`, { plain: new RegExp(`^${type}$`), reason: disguise }] as const),
  // Of programs for Cloudflare's WARP: the three bytes behind a message's type.
  [
    'reserved',
    { plain: /^\[?0+(\s*,\s*0+){2}\]?$/, reason: 'is for bytes of messages that are zero in WireGuard' },
  ],
])

/**
 * What there is to say to a key that wg-quick does not know.
 *
 * @param section `Interface` or `Peer`
 * @returns undefined where the value changes nothing
 */
export function refusalOf(key: string, value: string, section: string): string | undefined {
  const known = foreign.get(key.toLowerCase())
  if (known === undefined) return `is no key of [${section}]`
  return known.plain.test(value) ? undefined : known.reason
}
