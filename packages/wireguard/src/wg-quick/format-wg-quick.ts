import { formatAddress, formatPrefix } from '@vpnext/ip'
import type { EndpointSetting, InterfaceSettings, PeerSettings, WgQuickFile } from './tunnel-settings.ts'

type Line = readonly [key: string, value: string | number | undefined]

/**
 * Writes a file that {@link parseWgQuick} reads as the same settings. It holds the secret keys: for a file that only its
 * owner may read (mode 0600).
 */
export function formatWgQuick(file: Omit<WgQuickFile, 'warnings'>): string {
  const sections = [
    section('Interface', [
      ...interfaceLines(file.interface),
      ...file.hooks.map(({ name, command }): Line => [name, command]),
    ]),
    ...file.peers.map((peer) => section('Peer', peerLines(peer))),
  ]
  return sections.join('\n')
}

function interfaceLines(settings: InterfaceSettings): Line[] {
  const { addresses, dnsServers, searchDomains } = settings
  return [
    ['PrivateKey', settings.privateKey.reveal()],
    ['ListenPort', settings.listenPort],
    ['FwMark', settings.fwMark === undefined ? undefined : `0x${settings.fwMark.toString(16)}`],
    ['Address', list(addresses.map(({ address, length }) => `${formatAddress(address)}/${length}`))],
    ['DNS', list([...dnsServers.map(formatAddress), ...searchDomains])],
    ['MTU', settings.mtu],
    ['Table', settings.table],
    ['SaveConfig', settings.saveConfig === undefined ? undefined : String(settings.saveConfig)],
  ]
}

function peerLines(peer: PeerSettings): Line[] {
  return [
    ['PublicKey', peer.publicKey],
    ['PresharedKey', peer.presharedKey?.reveal()],
    ['AllowedIPs', list(peer.allowedIps.map(formatPrefix))],
    ['Endpoint', peer.endpoint === undefined ? undefined : formatEndpointSetting(peer.endpoint)],
    ['PersistentKeepalive', peer.persistentKeepalive],
  ]
}

/** `vpn.example.org:51820` or `[2001:db8::1]:51820`. */
export function formatEndpointSetting({ host, port }: EndpointSetting): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

function list(values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : values.join(', ')
}

function section(name: string, lines: readonly Line[]): string {
  const said = lines.filter(([, value]) => value !== undefined)
  return [`[${name}]`, ...said.map(([key, value]) => `${key} = ${value}`), ''].join('\n')
}
