import type { Timings, WireGuardStatus } from '@vpnext/wireguard'
import { type Contender, portOf, tunnelMtu, type Tunnel } from '../contender.ts'
import { EndProcess, tunnelOf } from '../end-process.ts'
import type { VpnextConfig, VpnextQuestion } from '../ends/vpnext-end.ts'
import { addressesOf, type Link } from '../link.ts'
import { generateKeys, type TunnelKeys } from '../tunnel-keys.ts'

export interface VpnextOptions {
  /** Of the TUN devices. Default `vpnext`. */
  readonly device?: string
  /** For node at both ends. */
  readonly flags?: readonly string[]
  /** Limits other than the paper's. */
  readonly timings?: Partial<Timings>
  /** Called with what end a's process says on its standard output. */
  readonly onLine?: (line: string) => void
}

/** Our WireGuard at both ends. */
export interface VpnextTunnel extends Tunnel {
  readonly a: EndProcess
  readonly b: EndProcess
}

export interface VpnextContender extends Contender {
  open(link: Link, slot: number): Promise<VpnextTunnel>
}

const program = new URL('../ends/vpnext-end.js', import.meta.url)

export function vpnext(options: VpnextOptions = {}): VpnextContender {
  const { device = 'vpnext', flags = [], timings, onLine } = options
  return {
    name: 'vpnext',
    async open(link, slot) {
      const keys = { a: generateKeys(), b: generateKeys() }
      const start = async (end: 'a' | 'b', other: 'a' | 'b'): Promise<EndProcess> => {
        const endpoint = `${link.addresses[other].v4}:${portOf(slot)}`
        const settings = settingsText(keys[end], portOf(slot), [
          { publicKey: keys[other].publicKey, allowedIps: ['0.0.0.0/0', '::/0'], endpoint },
        ])
        const config: VpnextConfig = {
          device: `${device}-${end}`,
          settings,
          ...(timings !== undefined && { timings }),
        }
        return EndProcess.start(link[end], program, config, flags)
      }
      const b = await start('b', 'a')
      const a = await start('a', 'b')
      if (onLine !== undefined) a.onLine = onLine
      const addresses = addressesOf(slot)
      link.configure(device, addresses, tunnelMtu)
      return { ...tunnelOf([a, b], addresses), a, b }
    },
  }
}

/** A peer in {@link settingsText}. */
export interface PeerText {
  readonly publicKey: string
  readonly allowedIps: readonly string[]
  readonly endpoint?: string
}

/** A file of wg-quick(8). */
export function settingsText({ privateKey }: TunnelKeys, port: number, peers: readonly PeerText[]): string {
  const lines = [`[Interface]`, `PrivateKey = ${privateKey}`, `ListenPort = ${port}`, `MTU = ${tunnelMtu}`]
  for (const { publicKey, allowedIps, endpoint } of peers) {
    lines.push('[Peer]', `PublicKey = ${publicKey}`, `AllowedIPs = ${allowedIps.join(', ')}`)
    if (endpoint !== undefined) lines.push(`Endpoint = ${endpoint}`)
  }
  return `${lines.join('\n')}\n`
}

/** How an end of our WireGuard is. */
export async function statusOf(end: EndProcess): Promise<WireGuardStatus> {
  const question: VpnextQuestion = 'status'
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- answered by ends/vpnext-end.ts
  return (await end.ask(question)) as WireGuardStatus
}
