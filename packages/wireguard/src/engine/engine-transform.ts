import type { DatagramBatch, PumpContext, Transform, TunBatch } from '@vpnext/packet'
import { MAX_MESSAGE, PADDING_MULTIPLE } from '../constants.ts'
import type { CoreAction } from '../core/action.ts'
import { createWireGuardCore, type WireGuardCore } from '../core/wireguard-core.ts'
import { readCounter } from '../messages/fields.ts'
import { MessageType, messageType, Transport } from '../messages/message-layout.ts'
import { passMarkOn } from '../peers/congestion-mark.ts'
import { innerLength } from '../peers/inner-packet.ts'
import { answerCall } from './answer-call.ts'
import type { EngineData, EngineReport, EngineRequest } from './engine-messages.ts'
import { eventOf } from './engine-event.ts'
import { rehearse } from './rehearse.ts'
import { takeShared } from './shared-secret.ts'
import { questionOf } from './question.ts'
import { SocketSet } from './socket-set.ts'

/**
 * WireGuard between a TUN device and the network, in the pump's thread. Packets are sealed straight from where they were
 * read to where they are sent from, and opened into a room that stays in the processor's cache.
 */
export class EngineTransform implements Transform {
  readonly #context: PumpContext
  readonly #core: WireGuardCore
  readonly #sockets: SocketSet
  /** Where a packet lies that was opened. */
  readonly #packetRoom: number

  constructor(context: PumpContext) {
    const { aead, arena } = context
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by openWireGuard
    const data = context.data as EngineData
    this.#context = context
    this.#sockets = new SocketSet(context.sockets, data.families)
    this.#packetRoom = arena.allocate(MAX_MESSAGE)
    rehearse(arena.bytes, this.#packetRoom)
    this.#core = takeShared(data.privateKey, (privateKey) =>
      createWireGuardCore({ privateKey, mtu: data.mtu, memory: { arena, aead }, timings: data.timings }),
    )
  }

  fromTun(batch: TunBatch): void {
    const { now } = this.#context
    const core = this.#core
    const { steps } = core
    const { bytes } = this.#context.arena
    while (batch.next()) {
      const { offset, length } = batch
      if (innerLength(bytes, offset, length) !== length) {
        this.#perform(core.consumePacket(bytes, offset, length, now))
        continue
      }
      const peer = steps.route(bytes, offset)
      if (peer?.endpoint === undefined) continue
      const keypair = steps.sendingKeypair(peer, now)
      const padded = steps.paddedLength(length)
      const size = padded + Transport.overhead
      // Without a session it is kept; what fits into no datagram is counted.
      if (keypair === undefined || size > MAX_MESSAGE) {
        this.#perform(core.consumePacket(bytes, offset, length, now))
        continue
      }
      batch.pad(PADDING_MULTIPLE)
      const socket = this.#sockets.of(peer.endpoint)
      const message = socket === undefined ? -1 : socket.reserve(size)
      if (socket === undefined || message < 0) continue
      keypair.seal(offset, padded, message)
      socket.commit(size, peer.endpoint)
      steps.sent(peer, keypair, size, now)
    }
    this.#settle()
  }

  fromUdp(batch: DatagramBatch): void {
    const core = this.#core
    const { steps } = core
    const { arena, now, tun } = this.#context
    const { bytes } = arena
    while (batch.next()) {
      const { offset, length } = batch
      if (messageType(bytes, offset, length) !== MessageType.transport) {
        this.#perform(core.consumeDatagram(bytes, offset, length, batch.source(), now))
        continue
      }
      const keypair = steps.receivingKeypair(bytes, offset, now)
      if (keypair === undefined) continue
      const packet = this.#packetRoom
      const opened = keypair.open(offset, length, packet)
      if (opened < 0) {
        steps.forged()
        continue
      }
      const peer = keypair.owner
      const known = peer.endpoint
      const source = known !== undefined && batch.isFrom(known) ? known : batch.source()
      if (!steps.received(keypair, readCounter(bytes, offset), source, length, now)) continue
      const inner = steps.acceptInner(peer, bytes, packet, opened)
      if (inner === 0) continue
      if (batch.congestionExperienced) passMarkOn(arena, packet)
      tun.write(packet, inner)
    }
    this.#settle()
  }

  onTimer(): void {
    this.#advance(this.#context.now)
  }

  onMessage(message: unknown): void {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by the engine
    const { id, call } = message as EngineRequest
    const { now } = this.#context
    this.#report({ kind: 'answer', id, answer: answerCall(this.#core, this.#sockets, call, now) })
    this.#advance(now)
  }

  [Symbol.dispose](): void {
    this.#core[Symbol.dispose]()
  }

  #advance(now: number): void {
    this.#perform(this.#core.advance(now))
    this.#context.wakeAt(this.#core.nextDeadline)
  }

  #settle(): void {
    const actions = this.#core.steps.takeActions()
    if (actions.length > 0) this.#perform(actions)
    this.#context.wakeAt(this.#core.nextDeadline)
  }

  #perform(actions: readonly CoreAction[]): void {
    for (const action of actions) {
      if (action.kind === 'send') {
        const socket = this.#sockets.of(action.endpoint)
        const room = socket?.reserve(action.bytes.length) ?? -1
        // Full: lost, as on any network.
        if (socket === undefined || room < 0) continue
        this.#context.arena.bytes.set(action.bytes, room)
        socket.commit(action.bytes.length, action.endpoint)
      } else if (action.kind === 'deliver') {
        this.#context.arena.bytes.set(action.bytes, this.#packetRoom)
        this.#context.tun.write(this.#packetRoom, action.bytes.length)
      } else if (action.kind === 'asked') {
        const { publicKey } = action.peer
        this.#report({ kind: 'asked', publicKey, asked: questionOf(action.endpoint) })
      } else {
        this.#report({ kind: 'event', event: eventOf(action) })
      }
    }
  }

  #report(report: EngineReport): void {
    this.#context.post(report)
  }
}
