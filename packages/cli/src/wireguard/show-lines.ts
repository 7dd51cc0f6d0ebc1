import { formatBytes } from '../text/units.ts'
import { visible } from '../text/visible.ts'
import type { PeerReport } from './tunnel-report.ts'
import type { RunningTunnel } from './wireguard-extension.ts'

/** What wg(8) prints of an interface, and the latency. @param now ms since 1970 */
export function showLines({ report, tunnel }: RunningTunnel, now: number): string[] {
  const lines = [
    `interface: ${tunnel?.interfaceName ?? '(none)'}`,
    `  profile: ${report.profile}`,
    `  public key: ${report.publicKey ?? '(none)'}`,
    '  private key: (hidden)',
    `  listening port: ${report.listenPort ?? '(none)'}`,
  ]
  if (report.state === 'failed') lines.push(`  carries nothing: ${report.reason ?? 'it has failed'}`)
  for (const peer of report.peers) lines.push('', ...peerLines(peer, now))
  return lines.map(visible)
}

function peerLines(peer: PeerReport, now: number): string[] {
  const { allowedIps, endpoint, latency, latestHandshake, persistentKeepalive, unresolved } = peer
  const lines = [`peer: ${peer.publicKey}`]
  if (peer.presharedKey) lines.push('  preshared key: (hidden)')
  if (endpoint !== undefined) lines.push(`  endpoint: ${endpoint}`)
  if (unresolved !== undefined) lines.push(`  endpoint: not found: ${unresolved}`)
  lines.push(`  allowed ips: ${allowedIps.length === 0 ? '(none)' : allowedIps.join(', ')}`)
  if (latestHandshake !== undefined) lines.push(`  latest handshake: ${ago(now - latestHandshake)}`)
  if (peer.rxBytes > 0 || peer.txBytes > 0) {
    lines.push(`  transfer: ${formatBytes(peer.rxBytes)} received, ${formatBytes(peer.txBytes)} sent`)
  }
  if (latency !== undefined) lines.push(`  latency: ${latency.toFixed(1)} ms`)
  if (persistentKeepalive !== undefined) {
    lines.push(`  persistent keepalive: every ${plural(persistentKeepalive, 'second')}`)
  }
  if (peer.silent) lines.push('  has not answered for 90 seconds')
  return lines
}

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const

/** `1 minute, 2 seconds ago`, as wg(8) has it. */
function ago(milliseconds: number): string {
  let seconds = Math.max(0, Math.floor(milliseconds / 1000))
  const parts: string[] = []
  for (const [unit, size] of units) {
    const count = Math.floor(seconds / size)
    seconds -= count * size
    if (count > 0) parts.push(plural(count, unit))
  }
  return parts.length === 0 ? 'now' : `${parts.join(', ')} ago`
}

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
