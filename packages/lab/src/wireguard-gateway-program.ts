/**
 * The program of a `WireGuardGateway`: in its namespace, it makes a TUN device and runs WireGuard on it until its standard
 * input ends. Messages are lines of JSON; keys come by standard input, never in an argument.
 */
import { createInterface } from 'node:readline'

import { formatAddress, formatPrefix } from '@vpnext/ip'
import { openTun, Rtnetlink, type RtRequest } from '@vpnext/native'
import { openWireGuard, parseWgQuick, type WgQuickFile } from '@vpnext/wireguard'

import type { GatewayMessage, GatewayStart } from './wireguard-gateway.ts'

const mainTable = 254
const defaultMtu = 1420

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by WireGuardGateway
const { conf, tunName } = JSON.parse(await nextLine()) as GatewayStart
const settings = parseWgQuick(conf, 'gateway.conf')
using tun = openTun({ name: tunName, vnetHeader: true }).fd
configure(tunName, settings)
const engine = await openWireGuard({ settings, tunFd: tun.number, protect: async () => {} })
engine.ended.catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`)
  process.exit(1)
})
say({ kind: 'ready' })
for (let line = await nextLine(); line !== ''; line = await nextLine()) {
  say({ kind: 'status', status: await engine.status() })
}
await engine.close()

async function nextLine(): Promise<string> {
  const { value } = await lines.next()
  return typeof value === 'string' ? value : ''
}

function say(message: GatewayMessage): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

/** Addresses, MTU and a route to each peer's prefixes. */
function configure(name: string, file: WgQuickFile): void {
  using rtnetlink = Rtnetlink.open()
  const index = rtnetlink.links().find((link) => link.name === name)?.index ?? 0
  const addresses = file.interface.addresses.map(({ address, length }): RtRequest => ({
    op: 'addAddress',
    index,
    address: formatAddress(address),
    prefixLength: length,
    noDad: true,
  }))
  const routes = file.peers.flatMap(({ allowedIps }) =>
    allowedIps.map((prefix): RtRequest => ({
      op: 'replaceRoute',
      route: {
        family: prefix.address.family,
        destination: formatPrefix(prefix),
        table: mainTable,
        type: 'unicast',
        index,
      },
    })),
  )
  const link: RtRequest = { op: 'setLink', index, mtu: file.interface.mtu ?? defaultMtu, up: true }
  rtnetlink.apply([link, ...addresses, ...routes])
}
