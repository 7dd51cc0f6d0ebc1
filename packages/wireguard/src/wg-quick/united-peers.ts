import { formatPrefix } from '@vpnext/ip'
import type { PeerSettings, WgQuickWarning } from './tunnel-settings.ts'

/** A `[Peer]`, and where it begins. */
export interface PeerSection {
  readonly line: number
  readonly settings: PeerSettings
}

/**
 * The peers of all sections, each once, as the kernel takes what wg(8) reads: a later section of the same peer gives it other
 * allowed IPs, and what else it says; one of our own is passed over, so that all machines of a network may have the same sections.
 *
 * @param ownKey our public key, base64
 */
export function unitedPeers(
  sections: readonly PeerSection[],
  ownKey: string,
): { readonly peers: PeerSettings[]; readonly warnings: WgQuickWarning[] } {
  const peers = new Map<string, PeerSettings>()
  const lines = new Map<string, number>()
  const warnings: WgQuickWarning[] = []
  for (const { line, settings } of sections) {
    const { publicKey } = settings
    const earlier = peers.get(publicKey)
    const warn = (reason: string): void => void warnings.push({ line, key: 'PublicKey', reason })
    if (publicKey === ownKey) {
      warn("it is this interface's own key: the section is passed over")
      continue
    }
    if (earlier !== undefined) {
      warn(`the same as that of line ${lines.get(publicKey)}'s [Peer]: this one's AllowedIPs count`)
    }
    peers.set(publicKey, { ...earlier, ...settings })
    lines.set(publicKey, line)
  }
  return { peers: [...peers.values()], warnings: [...warnings, ...sharedNetworks(peers, lines)] }
}

/** Of peers with the same network the last one has it, and the others get nothing of what goes there. */
function sharedNetworks(
  peers: ReadonlyMap<string, PeerSettings>,
  lines: ReadonlyMap<string, number>,
): WgQuickWarning[] {
  const owners = new Map<string, string>()
  return [...peers].flatMap(([publicKey, { allowedIps }]) => {
    const names = new Set(allowedIps.map(formatPrefix))
    const shared = [...names].filter((name) => owners.has(name))
    const [first = ''] = shared
    const earlier = lines.get(owners.get(first) ?? '')
    for (const name of names) owners.set(name, publicKey)
    if (shared.length === 0) return []
    const others = shared.length === 1 ? '' : ` and ${shared.length - 1} more`
    const reason = `${first}${others} of line ${earlier}'s [Peer] too, which gets nothing of it: the last one counts`
    return [{ line: lines.get(publicKey) ?? 0, key: 'AllowedIPs', reason }]
  })
}
