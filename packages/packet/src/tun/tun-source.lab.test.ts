import { afterEach, expect, test, vi } from 'vitest'

import { put, take } from '../../test/arena-bytes.ts'
import { expectNoOpenFds } from '../../test/open-fds.ts'
import { contents } from '../../test/packet-arbitraries.ts'
import { slowPacket, slowSegments } from '../../test/slow-packets.ts'
import { TunNetwork } from '../../test/tun-network.ts'
import { Arena } from '../arena/arena.ts'
import { TrafficMeter } from '../counters.ts'
import { negotiateOffload } from './negotiate-offload.ts'
import { TunDevice } from './tun-device.ts'
import { TunSource } from './tun-source.ts'

afterEach(expectNoOpenFds)

/** A source behind a router that is written to. Below 1280 there is no IPv6, whose own packets would come in between. */
class Routed implements Disposable {
  readonly source: TunSource
  readonly #network = new TunNetwork()
  readonly #writer: TunDevice

  constructor() {
    this.#network.forward()
    const tun = { vnetHeader: true, mtu: 1200 }
    this.#writer = TunDevice.open(this.#network.addTun({ ...tun, name: 'in', addresses: ['10.1.0.254/16'] }))
    const fd = this.#network.addTun({ ...tun, name: 'out', addresses: ['10.2.0.254/16'] })
    this.source = new TunSource({
      arena: Arena.create(),
      fd,
      offload: negotiateOffload(fd, 'best'),
      meter: new TrafficMeter(),
    })
  }

  send(...packets: readonly Buffer[]): void {
    for (const packet of packets) this.#writer.write(put(this.#writer.arena, packet), packet.length)
    this.#writer.flush()
  }

  /** The next batch, once there is one. */
  async batch(alone: boolean): Promise<Buffer[]> {
    const { source } = this
    await vi.waitFor(() => expect(source.begin(alone)).toBe(true), 10_000)
    const packets: Buffer[] = []
    while (source.next()) packets.push(take(source.arena, source.offset, source.length))
    source.end()
    return packets
  }

  [Symbol.dispose](): void {
    this.#writer.close()
    this.#network[Symbol.dispose]()
  }
}

const flow = { family: 4, protocol: 'udp' } as const
const sent = { ...flow, hopLimit: 9 }
const forwarded = { ...flow, hopLimit: 8 }

test('of a packet that is expected alone it is not looked whether there is another, which the next batch has', async () => {
  using routed = new Routed()
  const flows = [1, 2].map((port) => ({ ports: [port, 9] as const, payload: contents(40, port) }))
  routed.send(...flows.map((each) => slowPacket({ ...sent, ...each })))
  const [first, second] = flows.map((each) => slowPacket({ ...forwarded, ...each }))
  expect(await routed.batch(true)).toEqual([first])
  expect(routed.source.drained).toBe(true)
  expect(await routed.batch(false)).toEqual([second])
})

test('a long packet that was expected alone is not over before its last piece', async () => {
  using routed = new Routed()
  const { source } = routed
  const long = { payload: contents(5000, 9) }
  const size = 1001
  routed.send(...slowSegments({ ...sent, ...long }, size))
  const pieces = slowSegments({ ...forwarded, ...long }, size)
  let room = 2
  source.room = { hasRoom: () => room-- > 0 }
  expect(await routed.batch(true)).toEqual(pieces.slice(0, 2))
  expect(source.drained).toBe(false)
  source.room = undefined
  expect(await routed.batch(true)).toEqual(pieces.slice(2))
  expect(source.drained).toBe(true)
})
