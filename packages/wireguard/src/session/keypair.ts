import type { AeadBackend, Arena, Opener, Sealer } from '@vpnext/packet'
import { TAG_LENGTH } from '../constants.ts'
import { readCounter, writeTransportHeader } from '../messages/fields.ts'
import { Transport } from '../messages/message-layout.ts'
import type { SessionKeys } from '../noise/symmetric-state.ts'
import { ReplayWindow } from './replay-window.ts'

/** Where transport messages lie, and what seals and opens them there. */
export interface TransportMemory {
  readonly arena: Arena
  /** Bound to that arena. */
  readonly aead: AeadBackend
}

/** What a session is made of. */
export interface KeypairOptions<Owner> {
  /** The peer at the other end. */
  readonly owner: Owner
  /** Who sent the initiation: only they renew the session by age (section 6.2). */
  readonly role: 'initiator' | 'responder'
  /** Our index: what the peer writes into its packets. */
  readonly localIndex: number
  /** The peer's index: what we write into ours. */
  readonly remoteIndex: number
  /** When the keys came about, ms. */
  readonly createdAt: number
  /** Wiped by the constructor. */
  readonly keys: SessionKeys
  readonly memory: TransportMemory
}

/** The keys, counters and replay window of one session with a peer (sections 5.4.5 and 5.4.6). */
export class Keypair<Owner = unknown> implements Disposable {
  readonly owner: Owner
  readonly role: 'initiator' | 'responder'
  readonly localIndex: number
  readonly remoteIndex: number
  readonly createdAt: number
  /** Counters of the packets that arrived. */
  readonly replay: ReplayWindow = new ReplayWindow()
  readonly #sealer: Sealer
  readonly #opener: Opener
  readonly #bytes: Uint8Array

  constructor(options: KeypairOptions<Owner>) {
    this.owner = options.owner
    this.role = options.role
    this.localIndex = options.localIndex
    this.remoteIndex = options.remoteIndex
    this.createdAt = options.createdAt
    const { aead, arena } = options.memory
    this.#bytes = arena.bytes
    this.#sealer = aead.sealer(options.keys.sending)
    this.#opener = aead.opener(options.keys.receiving)
  }

  /** The counter of the next packet, and so the number of packets sent. */
  get sendCounter(): number {
    return this.#sealer.counter
  }

  /**
   * Writes a whole transport message. Each takes the next counter, so no nonce is used twice. All offsets are in the
   * arena; the packet may lie where the message will have it, or apart from the message.
   *
   * @param length bytes of the packet, padding included; the message is 32 bytes longer
   */
  seal(packet: number, length: number, message: number): void {
    writeTransportHeader(this.#bytes, message, this.remoteIndex, this.#sealer.counter)
    this.#sealer.seal(packet, length, message + Transport.packet)
  }

  /**
   * Opens a transport message. Whether it is a replay is for {@link replay} to say, afterwards. All offsets are in the
   * arena; the packet may go where the message has it, or apart from the message.
   *
   * @param length bytes of the message
   * @param packet gets `length` − 32 bytes
   * @returns how many that are, or −1 when the message is forged
   */
  open(message: number, length: number, packet: number): number {
    const sealed = length - Transport.overhead + TAG_LENGTH
    return this.#opener.open(message + Transport.packet, sealed, packet, readCounter(this.#bytes, message))
  }

  /** Overwrites the key for sending; the one for receiving stays. */
  endSending(): void {
    this.#sealer[Symbol.dispose]()
  }

  /** Overwrites the keys. */
  [Symbol.dispose](): void {
    this.#sealer[Symbol.dispose]()
    this.#opener[Symbol.dispose]()
  }
}
