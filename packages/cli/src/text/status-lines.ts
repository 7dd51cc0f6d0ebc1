import type { endInfo, hostInfo, status, tunnelInfo } from '@vpnext/service/protocol'
import type { Infer } from '@vpnext/varlink'
import { formatAge, formatBytes } from './units.ts'
import { visible } from './visible.ts'

type Status = Infer<typeof status>
type HostInfo = Infer<typeof hostInfo>
type EndInfo = Infer<typeof endInfo>
type TunnelInfo = Infer<typeof tunnelInfo>

/**
 * The status for a person: the service, then each extension with its tunnels below it, then those that ended by themselves.
 *
 * @param now milliseconds since the epoch, for ages
 */
export function statusLines(value: Status, now: number): string[] {
  const where = value.rootless ? 'inside a user namespace' : 'as root'
  const service = `vpnext ${value.version} (${value.instance}), pid ${value.pid}, ${where}, up ${formatAge(now - value.startedAt)}`
  const ended = value.ended.flatMap((end) => ['', ...endLines(end, now)])
  if (value.hosts.length === 0 && value.tunnels.length === 0) return [service, 'nothing runs', ...ended]
  const lines = [service]
  const shown = new Set<TunnelInfo>()
  for (const host of value.hosts) {
    lines.push('', ...hostLines(host, now))
    for (const tunnel of value.tunnels) {
      if (!isOf(tunnel, host)) continue
      shown.add(tunnel)
      lines.push(...tunnelLines(tunnel, now))
    }
  }
  for (const tunnel of value.tunnels) {
    if (!shown.has(tunnel))
      lines.push(
        '',
        `${tunnel.bundleName}  ${tunnel.abilityName}  no host, closed`,
        ...tunnelLines(tunnel, now),
      )
  }
  return [...lines, ...ended]
}

/** A bundle may have pages and other extensions beside the one that made the tunnel. */
function isOf(tunnel: TunnelInfo, host: HostInfo): boolean {
  return (
    tunnel.bundleName === host.bundleName &&
    tunnel.abilityName === host.abilityName &&
    tunnel.ownerUid === host.ownerUid
  )
}

function endLines({ bundleName, abilityName, endedAt, reason, crash }: EndInfo, now: number): string[] {
  return [
    `${bundleName}  ${abilityName}  ended ${formatAge(now - endedAt)} ago`,
    `  reason   ${visible(reason)}`,
    ...(crash === undefined ? [] : [`  crash    ${visible(crash)}`]),
  ]
}

function hostLines(host: HostInfo, now: number): string[] {
  const lines = [
    `${host.bundleName}  ${host.abilityName}  ${host.state}`,
    `  host     pid ${host.pid}, uid ${host.hostUid} for user ${host.ownerUid}, since ${formatAge(now - host.startedAt)}`,
    `  sandbox  ${visible(host.sandbox.join(', ')) || 'not up yet'}`,
  ]
  for (const reason of host.missing) lines.push(`  missing  ${visible(reason)}`)
  return lines
}

function tunnelLines(tunnel: TunnelInfo, now: number): string[] {
  const { closed } = tunnel
  return closed === undefined ? carriedLines(tunnel, now) : closedLines(tunnel, closed, now)
}

function closedLines(tunnel: TunnelInfo, closed: NonNullable<TunnelInfo['closed']>, now: number): string[] {
  const whose = tunnel.scope === 'device' ? 'of the whole device' : `of user ${tunnel.ownerUid}`
  return [
    `  closed   traffic ${whose} to ${shorten(tunnel.routes)}, since ${formatAge(now - tunnel.createdAt)}`,
    ...(tunnel.excludedRoutes.length > 0 ? [`  outside  ${shorten(tunnel.excludedRoutes)}`] : []),
    `  reason   ${visible(closed.reason)}`,
    `  remedy   ${visible(closed.remedy)}`,
    ...warningLines(tunnel),
  ]
}

function warningLines({ warnings }: TunnelInfo): string[] {
  return warnings.map(({ field, reason }) => `  warning  ${visible(`${field}: ${reason}`)}`)
}

function carriedLines(tunnel: TunnelInfo, now: number): string[] {
  const families = [tunnel.acceptIPv4 ? 'IPv4' : '', tunnel.acceptIPv6 ? 'IPv6' : ''].filter(
    (name) => name !== '',
  )
  const id = tunnel.vpnId === '' ? '' : `, vpnId ${visible(tunnel.vpnId)}`
  const lines = [
    `  tunnel   ${tunnel.interfaceName}, ${tunnel.scope} scope, ${families.join(' and ') || 'no family'}, MTU ${tunnel.mtu}, up ${formatAge(now - tunnel.createdAt)}${id}`,
    `  address  ${tunnel.addresses.join(', ') || 'none'}`,
    `  routes   ${shorten(tunnel.routes)}`,
  ]
  if (tunnel.excludedRoutes.length > 0) lines.push(`  outside  ${shorten(tunnel.excludedRoutes)}`)
  lines.push(`  DNS      ${tunnel.dnsServers.join(', ') || 'unchanged'}`)
  if (tunnel.searchDomains.length > 0) lines.push(`  search   ${visible(tunnel.searchDomains.join(', '))}`)
  lines.push(
    `  traffic  out ${tunnel.txPackets} packets, ${formatBytes(tunnel.txBytes)}; in ${tunnel.rxPackets} packets, ${formatBytes(tunnel.rxBytes)}`,
    ...warningLines(tunnel),
  )
  return lines
}

/** At most eight items, then how many more. */
function shorten(items: readonly string[]): string {
  if (items.length === 0) return 'none'
  const shown = items.slice(0, 8).join(', ')
  return items.length > 8 ? `${shown} and ${items.length - 8} more` : shown
}
