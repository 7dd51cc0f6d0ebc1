import { type Capture, type Lab, labAddresses, labPorts, tcpProbe, udpProbe } from '@vpnext/lab'
import type { DemoCheck } from './report.ts'

/** An answer that is not there by then will not come, in ms. */
const patience = 20_000

/** Programs of the client talk to the echo server, which tells them whom it saw. */
export async function checkSample(lab: Lab, signal: AbortSignal): Promise<DemoCheck[]> {
  const checks: DemoCheck[] = []
  for (const version of ['v4', 'v6'] as const) {
    const target = labAddresses.internet[version]
    const expected = labAddresses.gateway[version]
    for (const [protocol, probe] of [
      ['UDP', udpProbe],
      ['TCP', tcpProbe],
    ] as const) {
      const seen = await probe(lab.client, target, { signal, timeoutMs: patience })
      checks.push({
        id: `${protocol.toLowerCase()}-${version}`,
        claim: `a program's ${protocol} over IP${version} reaches ${target} through the tunnel`,
        ok: seen === expected,
        seen: `the far end saw ${seen}${seen === expected ? ', the gateway' : ''}`,
      })
    }
  }
  return checks
}

/** The extension's own two sockets: what it logged, and what the router saw of them. */
export function checkProtect(messages: readonly string[], uplink: Capture): DemoCheck[] {
  const answers = new Map(
    messages.flatMap((message) => [...message.matchAll(/probe (\w+) (\S+)/g)]).map((m) => [m[1], m[2]]),
  )
  const direct = uplink.count({
    protocol: 'udp',
    source: labAddresses.client.v4,
    destination: labAddresses.internet.v4,
    destinationPort: labPorts.echo,
  })
  const isProtected = answers.get('protected')
  const unprotected = answers.get('unprotected')
  return [
    {
      id: 'protected',
      claim: 'a protected socket leaves by the uplink with the uplink’s address',
      ok: isProtected === labAddresses.client.v4 && direct === 1,
      seen: `the far end saw ${isProtected ?? 'nothing'}; the router passed ${direct} packet from ${labAddresses.client.v4}`,
    },
    {
      id: 'unprotected',
      claim: 'an unprotected one leaves by the tunnel',
      ok: unprotected === labAddresses.gateway.v4,
      seen: `the far end saw ${unprotected ?? 'nothing'}`,
    },
  ]
}

/** Everything on the uplink besides the extension's own datagrams to its server, after the probes. */
export function checkUplink(uplink: Capture): DemoCheck {
  const echo = labPorts.echo
  const strays = uplink.packets.filter(
    (packet) =>
      packet.destinationPort === echo &&
      packet.direction === 'in' &&
      packet.source !== labAddresses.client.v4,
  )
  const carried = uplink.count({ protocol: 'udp', destinationPort: labPorts.plainGateway })
  return {
    id: 'uplink',
    claim: 'on the uplink there is only the tunnel’s own traffic',
    ok: strays.length === 0 && carried > 0,
    seen: `${carried} datagrams to the gateway, ${strays.length} packets of programs`,
  }
}
