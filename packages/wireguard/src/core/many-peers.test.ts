import { Arena, chooseAead, Endpoint } from '@vpnext/packet'
import { expect, test } from 'vitest'
import { ipv4Packet } from '../../test/packets.ts'
import { prefix } from '../../test/two-cores.ts'
import { type CoreAction, createWireGuardCore, type WireGuardCore } from '../index.ts'

const count = 1000
const now = 1000
const hubEndpoint = Endpoint.from('192.0.2.1', 51_820)

interface Spoke {
  readonly core: WireGuardCore
  readonly address: string
  readonly endpoint: Endpoint
  readonly delivered: Uint8Array[]
}

test('one core talks to 1,000 peers, each its own', () => {
  // One arena for all: 1,000 of their own would be 1,000 reservations of address space.
  const arena = Arena.create(count * 2 * 66_000 + 65_536)
  const memory = { arena, aead: chooseAead(arena) }
  const privateKey = (index: number): Uint8Array =>
    Uint8Array.from({ length: 32 }, (_, at) => (at === 1 || at === 2 ? index >> (8 * (at - 1)) : 7))
  using hub = createWireGuardCore({ privateKey: privateKey(5000), underLoadMessages: 10 * count })
  const spokes = Array.from({ length: count }, (_, index): Spoke => {
    const address = `10.1.${index >> 8}.${index & 255}`
    const core = createWireGuardCore({ privateKey: privateKey(index), memory })
    core.setPeer(
      { publicKey: hub.publicKey, allowedIps: [prefix('10.0.0.1/32')], endpoint: hubEndpoint },
      now,
    )
    hub.setPeer({ publicKey: core.publicKey, allowedIps: [prefix(`${address}/32`)] }, now)
    return {
      core,
      address,
      endpoint: Endpoint.from(`198.51.100.${index & 255}`, 1000 + index),
      delivered: [],
    }
  })
  const byEndpoint = new Map(spokes.map((spoke) => [spoke.endpoint.toString(), spoke]))
  const atHub: Uint8Array[] = []

  const fromHub = (actions: readonly CoreAction[]): void => {
    for (const action of actions) {
      if (action.kind === 'deliver') atHub.push(action.bytes)
      if (action.kind !== 'send') continue
      const spoke = byEndpoint.get(action.endpoint.toString())
      if (spoke === undefined) throw new Error(`nobody at ${action.endpoint.toString()}`)
      fromSpoke(spoke, spoke.core.consumeDatagram(action.bytes, 0, action.bytes.length, hubEndpoint, now))
    }
  }
  const fromSpoke = (spoke: Spoke, actions: readonly CoreAction[]): void => {
    for (const action of actions) {
      if (action.kind === 'deliver') spoke.delivered.push(action.bytes)
      if (action.kind === 'send') {
        fromHub(hub.consumeDatagram(action.bytes, 0, action.bytes.length, spoke.endpoint, now))
      }
    }
  }

  const packets = spokes.map(({ address }) => ipv4Packet(address, '10.0.0.1', new Uint8Array(8)))
  for (const [index, spoke] of spokes.entries()) {
    const packet = packets[index] ?? new Uint8Array(0)
    fromSpoke(spoke, spoke.core.consumePacket(packet, 0, packet.length, now))
  }
  expect(atHub).toEqual(packets)

  const answers = spokes.map(({ address }) => ipv4Packet('10.0.0.1', address, new Uint8Array(8)))
  for (const answer of answers) fromHub(hub.consumePacket(answer, 0, answer.length, now))
  expect(spokes.map(({ delivered }) => delivered)).toEqual(answers.map((answer) => [answer]))
  expect(hub.status(now).tables).toEqual({ indices: count, timers: count, sources: 0 })

  for (const spoke of spokes) {
    expect(hub.removePeer(spoke.core.publicKey)).toBe(true)
    spoke.core[Symbol.dispose]()
  }
  expect(hub.status(now)).toMatchObject({ peers: [], tables: { indices: 0, timers: 0, sources: 0 } })
}, 60_000)
