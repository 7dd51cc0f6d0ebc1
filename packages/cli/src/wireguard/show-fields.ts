import { visible } from '../text/visible.ts'
import type { PeerReport } from './tunnel-report.ts'
import type { RunningTunnel } from './wireguard-extension.ts'

const none = '(none)'
const hidden = '(hidden)'
const off = 'off'

type InterfaceField = 'public-key' | 'private-key' | 'listen-port' | 'fwmark'
type PeerField =
  'preshared-keys' | 'endpoints' | 'allowed-ips' | 'latest-handshakes' | 'persistent-keepalive' | 'transfer'
export type ShowField = InterfaceField | PeerField | 'peers' | 'dump'

/** What wg(8) prints about an interface in a form for programs: one line, without a peer's key in front. */
const ofInterface: Readonly<Record<InterfaceField, (running: RunningTunnel) => string>> = {
  'public-key': ({ report }) => report.publicKey ?? none,
  'private-key': () => hidden,
  'listen-port': ({ report }) => String(report.listenPort ?? 0),
  fwmark: () => off,
}

/** About each peer, behind its key. */
const ofPeer: Readonly<Record<PeerField, (peer: PeerReport) => string>> = {
  'preshared-keys': ({ presharedKey }) => (presharedKey ? hidden : none),
  endpoints: ({ endpoint }) => endpoint ?? none,
  'allowed-ips': ({ allowedIps }) => list(allowedIps, ' '),
  'latest-handshakes': (peer) => seconds(peer),
  'persistent-keepalive': ({ persistentKeepalive }) => String(persistentKeepalive ?? off),
  transfer: ({ rxBytes, txBytes }) => `${rxBytes}\t${txBytes}`,
}

const isOf = <Table extends object>(table: Table, field: string): field is string & keyof Table =>
  Object.hasOwn(table, field)

/** As wg(8) names them, in its order. */
export const showFields: readonly ShowField[] = [
  'public-key',
  'private-key',
  'listen-port',
  'fwmark',
  'peers',
  'preshared-keys',
  'endpoints',
  'allowed-ips',
  'latest-handshakes',
  'persistent-keepalive',
  'transfer',
  'dump',
]

/**
 * What `wg show <interface> <field>` prints: lines of parts with tabs between them. Keys that are secret are hidden here too.
 *
 * @param interfaceName put before each line, as with `all`; undefined: it is not
 */
export function fieldLines(running: RunningTunnel, field: ShowField, interfaceName?: string): string[] {
  const { peers } = running.report
  const lines = (): string[] => {
    if (field === 'dump') return [dumpOfInterface(running), ...peers.map(dumpOfPeer)]
    if (field === 'peers') return peers.map(({ publicKey }) => publicKey)
    if (isOf(ofInterface, field)) return [ofInterface[field](running)]
    return peers.map((peer) => `${peer.publicKey}\t${ofPeer[field](peer)}`)
  }
  const before = interfaceName === undefined ? '' : `${interfaceName}\t`
  return lines().map((line) => visible(before + line))
}

function dumpOfInterface(running: RunningTunnel): string {
  return [
    ofInterface['private-key'](running),
    ofInterface['public-key'](running),
    ofInterface['listen-port'](running),
    ofInterface.fwmark(running),
  ].join('\t')
}

function dumpOfPeer(peer: PeerReport): string {
  return [
    peer.publicKey,
    ofPeer['preshared-keys'](peer),
    ofPeer.endpoints(peer),
    list(peer.allowedIps, ','),
    seconds(peer),
    ofPeer.transfer(peer),
    ofPeer['persistent-keepalive'](peer),
  ].join('\t')
}

function list(values: readonly string[], between: string): string {
  return values.length === 0 ? none : values.join(between)
}

/** Since 1970; 0 when there was no handshake. */
function seconds({ latestHandshake = 0 }: PeerReport): string {
  return String(Math.floor(latestHandshake / 1000))
}
