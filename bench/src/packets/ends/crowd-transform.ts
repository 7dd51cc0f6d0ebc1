import { parsePrefix, type Prefix } from '@vpnext/ip'
import { type DatagramBatch, Endpoint, type PumpContext, type Transform, type TunBatch } from '@vpnext/packet'
import {
  createWireGuardCore,
  innerLength,
  MessageType,
  messageType,
  readCounter,
  SecretKey,
  Transport,
  type WireGuardCore,
} from '@vpnext/wireguard'
import type { CrowdConfig } from './crowd-config.ts'

type Actions = ReturnType<WireGuardCore['advance']>

/** Section 5.4.6 of WireGuard's paper. */
const paddingMultiple = 16
const longestMessage = 65_535
/** Where the last byte of an IPv4 packet's source address is. */
const lastOfSource = 15
const everything: readonly Prefix[] = [parsePrefix('0.0.0.0/0')].filter((prefix) => prefix !== undefined)

/** A pump's transform with many WireGuard cores. Which one a datagram is for, its index tells. */
class Crowd implements Transform {
  readonly #context: PumpContext
  readonly #cores: readonly WireGuardCore[]
  /** By the index that the hub writes into its messages. */
  readonly #byIndex = new Map<number, WireGuardCore>()
  readonly #room: number

  constructor(context: PumpContext) {
    const { aead, arena } = context
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by contenders/crowd.ts
    const { hub, mtu, privateKeys } = context.data as CrowdConfig
    this.#context = context
    this.#room = arena.allocate(longestMessage)
    const endpoint = Endpoint.from(hub.address, hub.port)
    this.#cores = privateKeys.map((text) => {
      using key = SecretKey.parse(text)
      if (key === undefined) throw new TypeError('privateKeys: not base64')
      const core = createWireGuardCore({ privateKey: key.bytes, mtu, memory: { arena, aead } })
      const peer = core.setPeer({ publicKey: hub.publicKey, allowedIps: everything, endpoint }, context.now)
      this.#perform(core, core.connect(peer, context.now))
      return core
    })
    context.wakeAt(context.now)
  }

  fromTun(batch: TunBatch): void {
    const { arena, now, udp } = this.#context
    const { bytes } = arena
    while (batch.next()) {
      const { offset, length } = batch
      const core = this.#cores[(bytes[offset + lastOfSource] ?? 0) % this.#cores.length]
      if (core === undefined || innerLength(bytes, offset, length) !== length) continue
      const peer = core.steps.route(bytes, offset)
      const keypair = peer === undefined ? undefined : core.steps.sendingKeypair(peer, now)
      if (peer?.endpoint === undefined || keypair === undefined) continue
      batch.pad(paddingMultiple)
      const padded = core.steps.paddedLength(length)
      const size = padded + Transport.overhead
      keypair.seal(offset, padded, udp.reserve(size))
      udp.commit(size, peer.endpoint)
      core.steps.sent(peer, keypair, size, now)
    }
  }

  fromUdp(batch: DatagramBatch): void {
    const { arena, now, tun } = this.#context
    const { bytes, view } = arena
    while (batch.next()) {
      const { offset, length } = batch
      const type = messageType(bytes, offset, length)
      const receiverAt = offset + (type === MessageType.transport ? Transport.receiver : responseReceiver)
      const core = this.#byIndex.get(view.getUint32(receiverAt, true))
      if (core === undefined) continue
      if (type !== MessageType.transport) {
        this.#perform(core, core.consumeDatagram(bytes, offset, length, batch.source(), now))
        continue
      }
      const keypair = core.steps.receivingKeypair(bytes, offset, now)
      const source = keypair?.owner.endpoint
      if (keypair === undefined || source === undefined) continue
      const opened = keypair.open(offset, length, this.#room)
      if (opened < 0 || !core.steps.received(keypair, readCounter(bytes, offset), source, length, now))
        continue
      const inner = core.steps.acceptInner(keypair.owner, bytes, this.#room, opened)
      if (inner > 0) tun.write(this.#room, inner)
    }
  }

  onTimer(): void {
    const { now } = this.#context
    for (const core of this.#cores) {
      if (core.nextDeadline <= now) this.#perform(core, core.advance(now))
    }
    this.#context.wakeAt(now + 1000)
  }

  #perform(core: WireGuardCore, actions: Actions): void {
    const { arena, udp } = this.#context
    for (const action of actions) {
      if (action.kind === 'session') this.#context.post('session')
      if (action.kind !== 'send') continue
      const { bytes, endpoint } = action
      if (messageType(bytes, 0, bytes.length) === MessageType.initiation) {
        this.#byIndex.set(
          new DataView(bytes.buffer, bytes.byteOffset).getUint32(initiationSender, true),
          core,
        )
      }
      arena.bytes.set(bytes, udp.reserve(bytes.length))
      udp.commit(bytes.length, endpoint)
    }
  }

  [Symbol.dispose](): void {
    for (const core of this.#cores) core[Symbol.dispose]()
  }
}

/** Sections 5.4.2 and 5.4.3: where an initiation has its sender's index, and a response its receiver's. */
const initiationSender = 4
const responseReceiver = 8

export default function create(context: PumpContext): Transform {
  return new Crowd(context)
}
