import { formatAddress, parseAddress, parsePrefix } from '@vpnext/ip'
import { type Capture, type Lab, labAddresses, labPorts, udpProbe } from '@vpnext/lab'
import type { tunnelInfo } from '@vpnext/service/protocol'
import type { Infer } from '@vpnext/varlink'
import type { DemoCheck } from './report.ts'

type TunnelInfo = Infer<typeof tunnelInfo>

/** Nobody may answer; what is looked at has happened by then. In ms. */
const answerTimeout = 1000

/** What the checks look at. */
export interface ForeignView {
  readonly lab: Lab
  readonly tunnel: TunnelInfo
  /** Captures of the tunnel's interface, whether its extension reads from it or not, and of the uplink at the router. */
  readonly inside: Capture
  readonly uplink: Capture
  readonly signal: AbortSignal
}

/**
 * What can be said of a project whose server the lab does not know: packets of programs to what it routes enter its tunnel
 * and none leaves by the uplink; packets to what it does not route stay out.
 */
export async function checkForeign(view: ForeignView): Promise<DemoCheck[]> {
  const checks: DemoCheck[] = []
  const { tunnel } = view
  for (const version of ['v4', 'v6'] as const) {
    const target = labAddresses.internet[version]
    if (tunnel.routes.includes(version === 'v4' ? '0.0.0.0/0' : '::/0')) {
      checks.push(await checkCovered(view, version, target))
    } else {
      checks.push(await checkOutside(view, version, target))
      const inside = targetInside(tunnel, version)
      if (inside !== undefined) checks.push(await checkCovered(view, version, inside))
    }
  }
  return checks
}

async function checkCovered(view: ForeignView, version: 'v4' | 'v6', target: string): Promise<DemoCheck> {
  const { entered, leaked, answer, accepted } = await send(view, version, target)
  return {
    id: `enters-${version}`,
    claim: accepted
      ? `packets to ${target} enter the tunnel and none leaves by the uplink`
      : `IP${version} is not accepted: nothing to ${target} leaves the machine`,
    ok: (accepted ? entered > 0 : entered === 0) && leaked === 0,
    seen: `${entered} entered the tunnel, ${leaked} on the uplink; answer ${answer}`,
  }
}

async function checkOutside(view: ForeignView, version: 'v4' | 'v6', target: string): Promise<DemoCheck> {
  const { entered, leaked, answer } = await send(view, version, target)
  return {
    id: `split-${version}`,
    claim: `${target} is not routed into the tunnel, so it is reached directly or not at all`,
    ok: entered === 0,
    seen: `${entered} packets entered the tunnel, ${leaked} on the uplink; answer ${answer}`,
  }
}

/** Sends one datagram as a program does. */
async function send(
  { lab, tunnel, inside, uplink, signal }: ForeignView,
  version: 'v4' | 'v6',
  target: string,
): Promise<{ entered: number; leaked: number; answer: string; accepted: boolean }> {
  const answer = await udpProbe(lab.client, target, { signal, timeoutMs: answerTimeout })
  const probe = { destination: target, destinationPort: labPorts.echo }
  return {
    entered: inside.count({ ...probe, direction: 'out' }),
    leaked: uplink.count({ ...probe, direction: 'in' }),
    answer,
    accepted: version === 'v4' ? tunnel.acceptIPv4 : tunnel.acceptIPv6,
  }
}

/** An address of somebody else that the tunnel routes; undefined when it has no route of that family. */
function targetInside({ routes, addresses }: TunnelInfo, version: 'v4' | 'v6'): string | undefined {
  const prefix = routes
    .map((route) => parsePrefix(route))
    .find((candidate) => candidate?.address.family === (version === 'v4' ? 4 : 6))
  if (prefix === undefined) return undefined
  const { family, value } = prefix.address
  const own = addresses.map((address) => parseAddress(address.split('/')[0] ?? '')?.value)
  const width = family === 4 ? 32 : 128
  const candidates = prefix.length === width ? [value] : [value + 1n, value + 2n, value + 3n]
  const found = candidates.find((candidate) => !own.includes(candidate))
  return found === undefined ? undefined : formatAddress({ family, value: found })
}
