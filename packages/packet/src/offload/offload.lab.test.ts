import { afterEach, describe, expect, test } from 'vitest'

import { put, take } from '../../test/arena-bytes.ts'
import { expectNoOpenFds } from '../../test/open-fds.ts'
import { contents } from '../../test/packet-arbitraries.ts'
import { slowPacket, type SlowPacket, slowSegments } from '../../test/slow-packets.ts'
import { TunNetwork } from '../../test/tun-network.ts'
import type { WantedOffload } from '../tun/negotiate-offload.ts'
import { TunDevice } from '../tun/tun-device.ts'

afterEach(expectNoOpenFds)

type Mode = WantedOffload | 'plain'
const modes: Mode[] = ['plain', 'none', 'tcp', 'best']

/** Flows whose packets fill the MTU, with a shorter end. Their order among each other is not kept, within each it is. */
function flows(mtu: number, hopLimit: number): { flow: string; packets: Buffer[] }[] {
  const families = mtu < 1280 ? ([4] as const) : ([4, 6] as const)
  return families.flatMap((family) =>
    (['tcp', 'udp'] as const).flatMap((protocol) =>
      [0, 12].flatMap((optionLength) => {
        if (protocol === 'udp' && optionLength > 0) return []
        const headers = (family === 4 ? 20 : 40) + (protocol === 'tcp' ? 20 + optionLength : 8)
        const packet: SlowPacket = {
          family,
          protocol,
          payload: contents(30_000, optionLength),
          ports: [1000 + optionLength, 2000],
          options: new Uint8Array(optionLength).fill(1),
          identification: 0xfff8,
          sequence: 0xffffff00,
          flags: 0x18,
          hopLimit,
        }
        return [
          { flow: `${family} ${protocol} ${optionLength}`, packets: slowSegments(packet, mtu - headers) },
        ]
      }),
    ),
  )
}

const flowOf = (packet: Buffer): string => {
  const v4 = (packet[0] ?? 0) >> 4 === 4
  const tcp = packet[v4 ? 9 : 6] === 6
  return `${v4 ? 4 : 6} ${tcp ? 'tcp' : 'udp'} ${packet.readUInt16BE(v4 ? 20 : 40) - 1000}`
}

/** Reads until `count` packets of our flows have come. */
async function collect(tun: TunDevice, count: number): Promise<Buffer[]> {
  const packets: Buffer[] = []
  for await (const batch of tun.batches()) {
    while (batch.next()) {
      const packet = take(batch.arena, batch.offset, batch.length)
      // The kernel's own packets (router solicitations and the like) have other destinations.
      if (packet.readUInt16BE((packet[0] ?? 0) >> 4 === 4 ? 22 : 42) === 2000) packets.push(packet)
    }
    if (packets.length >= count) break
  }
  return packets
}

/**
 * The kernel is the judge: what we join, it cuts (where the far device has no offload); what it joins or passes on whole,
 * we cut. In between it forwards, which lowers the hop limit by one.
 */
describe.each(modes)('written with %s', (from) => {
  describe.each(modes)('read with %s', (to) => {
    test.each([576, 1280, 1420, 9000])(
      'packets of an MTU of %i pass the kernel byte for byte',
      async (mtu) => {
        using network = new TunNetwork()
        const inside = network.addTun({
          name: 'in',
          vnetHeader: from !== 'plain',
          mtu: 9000,
          addresses: ['10.1.0.254/16', 'fd01::ff/64'],
        })
        const outside = network.addTun({
          name: 'out',
          vnetHeader: to !== 'plain',
          mtu,
          addresses: mtu < 1280 ? ['10.2.0.254/16'] : ['10.2.0.254/16', 'fd02::ff/64'],
        })
        network.forward()
        using writer = TunDevice.open(inside, { offload: from === 'plain' ? 'best' : from })
        using reader = TunDevice.open(outside, { offload: to === 'plain' ? 'best' : to })
        const sent = flows(mtu, 64)
        const expected = flows(mtu, 63)
        const count = sent.reduce((sum, { packets }) => sum + packets.length, 0)
        const before = network.packetsFrom('in')
        const received = collect(reader, count)
        // Flow after flow in runs of 7, so that runs of one flow are interrupted by the others.
        for (let at = 0; at < count; at += 7) {
          for (const { packets } of sent) {
            for (const packet of packets.slice(at, at + 7))
              writer.write(put(writer.arena, packet), packet.length)
          }
        }
        writer.flush()
        const arrived = await received
        for (const { flow, packets } of expected) {
          const own = arrived
            .filter((packet) => flowOf(packet) === flow)
            .map((packet) => packet.toString('hex'))
          expect([flow, own]).toEqual([flow, packets.map((packet) => packet.toString('hex'))])
        }
        expect(arrived).toHaveLength(count)
        // Whether packets really went joined.
        const handedOver = network.packetsFrom('in') - before
        if (from === 'plain' || from === 'none') expect(handedOver).toBe(count)
        else expect(handedOver).toBeLessThan(count)
        if (from === 'best') expect(handedOver).toBe(sent.length)
      },
    )
  })
})

test('a plain descriptor gives one raw packet per read, one with virtio headers long ones; both are one kind of device', () => {
  const expectations: [boolean, string][] = [
    [false, 'none'],
    [true, 'segments'],
  ]
  for (const [vnetHeader, kind] of expectations) {
    using network = new TunNetwork()
    const fd = network.addTun({ name: 'tun', vnetHeader, mtu: 1400, addresses: ['10.1.0.254/16'] })
    using tun = TunDevice.open(fd)
    expect(tun.offload.kind).toBe(kind)
    const packet = slowPacket({ family: 4, protocol: 'udp', payload: Uint8Array.of(1, 2, 3), hosts: [1, 1] })
    tun.write(put(tun.arena, packet), packet.length)
    tun.flush()
    expect(tun.counters().sent).toMatchObject({ packets: 1, bytes: packet.length })
    expect(network.packetsFrom('tun')).toBe(1)
  }
})
