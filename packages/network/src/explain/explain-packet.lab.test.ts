import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type Lab, labAddresses, labLinks } from '@vpnext/lab'
import { bindInet, bindToDevice, inetSocket, setMark, withFileIdentity } from '@vpnext/native'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { machineIn } from '../../test/lab-tunnel.ts'
import type { ConfigInWords } from '../../test/sample-plan.ts'
import { useLab } from '../../test/use-lab.ts'
import type { TunnelRequest } from '../plan/request.ts'
import { explainPacket, type PacketExplanation } from './explain-packet.ts'
import type { NetworkView, PacketQuestion } from './packet.ts'
import { readNetworkView } from './read-network-view.ts'

const protect = 0x0100_0000
const host = 20_010_000
const owner = 1000
/** The discard port: nobody answers, and nothing that is sent matters. */
const port = 9

let lab: Lab

useLab((made) => (lab = made))

/** Sends one datagram. @returns what became of it: `sent`, or the error of the call */
async function send(packet: PacketQuestion): Promise<string> {
  const fd = lab.client.run(() =>
    withFileIdentity({ uid: packet.uid, gid: packet.uid }, () => inetSocket(packet.family, 'dgram')),
  )
  setMark(fd, packet.mark, 0xffff_ffff)
  const device = [labLinks.client, 'vpn-tun'].find((name) => lab.client.linkIndex(name) === packet.oif)
  if (device !== undefined) bindToDevice(fd, device)
  if (packet.source !== undefined) bindInet(fd, packet.source, 0)
  const socket = createSocket(packet.family === 4 ? 'udp4' : 'udp6').bind({ fd: fd.release() })
  const sent = await new Promise<string>((resolve) => {
    socket.send('?', port, packet.destination, (error) =>
      resolve(error === null ? 'sent' : ((error as NodeJS.ErrnoException).code ?? String(error))),
    )
  })
  const closed = once(socket, 'close')
  socket.close()
  await closed
  return sent
}

/** What the explanation says of the same. Who drops or refuses in the output hook fails the call with EPERM. */
function foretold({ way, guard }: PacketExplanation): string {
  if (way.kind === 'refused') return way.error
  return guard.kind === 'drop' || guard.kind === 'reject' ? 'EPERM' : 'sent'
}

const places: Readonly<
  Record<4 | 6, { readonly far: readonly string[]; readonly sources: readonly string[] }>
> = {
  4: {
    far: ['203.0.113.80', '203.0.113.7', '198.51.100.1', '10.77.1.1', '10.8.0.1', '10.8.0.5', '127.0.0.1'],
    sources: ['10.77.1.2', '10.8.0.5'],
  },
  6: {
    far: ['2001:db8:113::80', '2001:db8:9::1', 'fd77:1::1', 'fd08::1', 'fd08::5', '::1'],
    sources: [labAddresses.client.v6, 'fd08::5'],
  },
}

function packets(view: NetworkView): fc.Arbitrary<PacketQuestion> {
  const indexes = view.links.filter(({ name }) => name !== 'lo').map(({ index }) => index)
  const sometimes = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
    fc.option(value, { nil: undefined, freq: 3 })
  const own = (family: 4 | 6): string[] => {
    using netlink = lab.client.rtnetlink()
    const present = netlink.addresses().map(({ address }) => address)
    return places[family].sources.filter((source) => present.includes(source))
  }
  return fc.constantFrom(4 as const, 6 as const).chain((family) =>
    fc
      .record({
        destination: fc.constantFrom(...places[family].far),
        source: sometimes(fc.constantFrom(...own(family))),
        mark: fc.constantFrom(0, 0, protect, 0x0200_0000, 0x0400_0000),
        uid: fc.constantFrom(0, owner, 1001, host),
        oif: sometimes(fc.constantFrom(...indexes)),
      })
      .map(({ source, oif, ...rest }) => ({
        family,
        ...rest,
        ...(source === undefined || (family === 6 && oif !== undefined) ? {} : { source }),
        ...(oif === undefined ? {} : { oif }),
        ipProto: 17,
        dport: port,
      })),
  )
}

const worlds: [string, ConfigInWords, Partial<TunnelRequest>][] = [
  ['a full device tunnel', { addresses: ['10.8.0.5/24', 'fd08::5/64'] }, { hostUid: host }],
  ['a device tunnel of IPv4 only', { addresses: ['10.8.0.5/24'] }, { hostUid: host }],
  [
    'a split user tunnel',
    {
      addresses: ['10.8.0.5/24', 'fd08::5/64'],
      routes: ['203.0.113.0/24', '!203.0.113.7/32', '2001:db8:113::/48'],
    },
    { hostUid: host, scope: { kind: 'user', uid: owner } },
  ],
  [
    'a device tunnel of some applications',
    { addresses: ['10.8.0.5/24', 'fd08::5/64'], more: { trustedApplications: ['com.example.one'] } },
    { hostUid: host },
  ],
  [
    'a user tunnel of all applications but some',
    { addresses: ['10.8.0.5/24', 'fd08::5/64'], more: { blockedApplications: ['com.example.one'] } },
    { hostUid: host, scope: { kind: 'user', uid: owner } },
  ],
]

test.each(worlds)(
  '%s: what is foretold of a packet is what becomes of it',
  async (_name, words, overrides) => {
    await using machine = machineIn(lab)
    await machine.create(words, overrides)
    const view = lab.client.run(() => readNetworkView())
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(packets(view), async (packet) => {
        const explanation = lab.client.run(() => explainPacket(packet, view))
        expect(explanation.decision, 'the walk agrees with the kernel').toBeDefined()
        expect(explanation.guard).not.toMatchObject({ uncertain: [expect.anything()] })
        const expected = await send(packet)
        expect(foretold(explanation), JSON.stringify(explanation)).toBe(expected)
        seen.add(expected)
      }),
      { numRuns: 250 },
    )
    expect([...seen]).toEqual(expect.arrayContaining(['sent', 'EPERM']))
  },
)
