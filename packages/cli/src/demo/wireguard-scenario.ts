import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Capture,
  capture,
  type Lab,
  labAddresses,
  labLinks,
  labPorts,
  makeWireGuardConfs,
  udpProbe,
  WireGuardGateway,
} from '@vpnext/lab'
import type { DemoCheck } from './report.ts'
import type { Scenario } from './scenario.ts'
import { checkSample } from './traffic.ts'

const profile = 'wg0'
/** What does not arrive in that time was stopped, in ms. */
const shortPatience = 300

/** The WireGuard that comes with vpnext, against a gateway in the lab that is the same code. */
export function wireGuardScenario(): Scenario {
  const confs = makeWireGuardConfs()
  let gateway: WireGuardGateway | undefined
  let far: Capture | undefined
  return {
    async prepare({ lab, tell }) {
      await tell.step('starting a WireGuard gateway in the lab', async () => {
        gateway = await WireGuardGateway.start(lab.gateway, { conf: confs.gateway })
      })
      far = capture(lab.gateway, labLinks.gatewayWireGuard)
    },
    async bringUp({ folder, session, tell, yes }) {
      const path = join(folder, `${profile}.conf`)
      writeFileSync(path, confs.client, { mode: 0o600 })
      const title = `bringing WireGuard up:  vpnext up ${profile}.conf`
      await tell.step(title, () => session.run(['up', path, ...(yes ? ['--yes'] : [])]))
    },
    async check({ lab, signal, uplink }, tunnel) {
      using inside = capture(lab.client, tunnel.interfaceName)
      const programs = await checkSample(lab, signal)
      return [...programs, checkSealed(uplink, inside), await checkUnprotected(lab, uplink, inside, signal)]
    },
    countAtGateway: () => ({
      fromClients: { v4: countOf(far, 'in', 4), v6: countOf(far, 'in', 6) },
      toClients: { v4: countOf(far, 'out', 4), v6: countOf(far, 'out', 6) },
    }),
    takeDown: ({ session, tell }) =>
      tell.step(`taking it down:  vpnext down ${profile}`, () => session.run(['down', profile])),
    async [Symbol.asyncDispose]() {
      far?.[Symbol.dispose]()
      await gateway?.[Symbol.asyncDispose]()
    },
  }
}

function countOf(link: Capture | undefined, direction: 'in' | 'out', family: 4 | 6): number {
  return link?.count({ direction, family }) ?? 0
}

/** WireGuard's own sockets are protected: they leave by the uplink, and nothing else does. */
function checkSealed(uplink: Capture, inside: Capture): DemoCheck {
  const own = { protocol: 'udp', destinationPort: labPorts.wireguard } as const
  const sealed = uplink.count({ ...own, source: labAddresses.client.v4 })
  const looped = inside.count(own)
  const strays = uplink.count({ destinationPort: labPorts.echo })
  return {
    id: 'sealed',
    claim: 'on the uplink there is only sealed WireGuard, from the uplink’s address',
    ok: sealed > 0 && looped === 0 && strays === 0,
    seen: `${sealed} datagrams to the gateway, ${strays} packets of programs; ${looped} in the tunnel itself`,
  }
}

/** The same address as the gateway's, but not WireGuard's socket: it is the socket that is protected, not the address. */
async function checkUnprotected(
  lab: Lab,
  uplink: Capture,
  inside: Capture,
  signal: AbortSignal,
): Promise<DemoCheck> {
  const target = labAddresses.gateway.v4
  await udpProbe(lab.client, target, { signal, timeoutMs: shortPatience })
  const packet = { protocol: 'udp', destination: target, destinationPort: labPorts.echo } as const
  const entered = inside.count({ ...packet, direction: 'out' })
  const leaked = uplink.count(packet)
  return {
    id: 'unprotected',
    claim: 'a program’s packet to the gateway’s own address goes through the tunnel, not past it',
    ok: entered > 0 && leaked === 0,
    seen: `${entered} entered the tunnel, ${leaked} on the uplink`,
  }
}
