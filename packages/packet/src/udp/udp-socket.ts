import { connectInet, duplicateDescriptor, type Fd, localName, setNonBlocking } from '@vpnext/native'

import { Arena } from '../arena/arena.ts'
import { type TrafficCounters, TrafficMeter } from '../counters.ts'
import { type BatchOptions, type Destination, iterate } from '../iterate.ts'
import type { DatagramBatch, DatagramSink } from '../packet-batch.ts'
import { Readiness } from '../readiness.ts'
import { DatagramSender } from './datagram-sender.ts'
import { DatagramSource } from './datagram-source.ts'
import type { Endpoint } from './endpoint.ts'
import {
  negotiateUdp,
  openUdp,
  type OpenUdpOptions,
  type UdpAbilities,
  type WantedUdpOffload,
} from './open-udp.ts'

export interface UdpSocketOptions extends OpenUdpOptions, WantedUdpOffload {
  /** Where datagrams lie. Share one with the TUN device. Default: one of its own. */
  readonly arena?: Arena
  /** A socket made elsewhere, duplicated; then the options about making one are not looked at. */
  readonly fd?: Fd | number
}

/**
 * A UDP socket, used in batches on the event loop.
 *
 * ```ts
 * using udp = UdpSocket.open({ family: 4 })
 * await connection.protect(udp.descriptor)
 * const peer = Endpoint.from('192.0.2.1', 51820)
 * const at = udp.reserve(5)
 * udp.arena.bytes.set(new TextEncoder().encode('hello'), at)
 * udp.commit(5, peer)
 * if (udp.flush() === 'again') await udp.writable()
 * ```
 */
export class UdpSocket implements DatagramSink, Destination, Disposable {
  readonly arena: Arena
  /** What was found out about the kernel. */
  readonly abilities: UdpAbilities
  readonly #fd: Fd
  readonly #source: DatagramSource
  readonly #sender: DatagramSender
  readonly #readiness: Readiness
  readonly #received = new TrafficMeter()
  readonly #sent = new TrafficMeter()
  #state: 'idle' | 'iterated' = 'idle'

  private constructor(fd: Fd, arena: Arena, abilities: UdpAbilities) {
    this.#fd = fd
    this.arena = arena
    this.abilities = abilities
    const common = { arena, fd, ...abilities }
    this.#source = new DatagramSource({ ...common, meter: this.#received })
    this.#sender = new DatagramSender({ ...common, meter: this.#sent })
    this.#readiness = new Readiness(fd)
  }

  /**
   * Makes a socket. It has sent nothing yet.
   *
   * @throws as {@link openUdp}; TypeError when `fd` is no UDP socket; RangeError when the arena is full
   */
  static open(options: UdpSocketOptions = {}): UdpSocket {
    const { fd: given } = options
    const fd =
      given === undefined
        ? openUdp(options)
        : duplicateDescriptor(typeof given === 'number' ? given : given.number)
    try {
      setNonBlocking(fd, true)
      return new UdpSocket(fd, options.arena ?? Arena.create(), negotiateUdp(fd, options))
    } catch (error) {
      fd.close()
      throw error
    }
  }

  /** The number of the socket's descriptor, for `connection.protect()`. Not to be closed. */
  get descriptor(): number {
    return this.#fd.number
  }

  /** Its own port. */
  get port(): number {
    const name = localName(this.#fd)
    return name.family === 4 || name.family === 6 ? name.port : 0
  }

  /** Fixes the peer: {@link commit} needs no endpoint, and only the peer is heard. @throws SystemError ENETUNREACH */
  connect(peer: Endpoint): void {
    const mapped = this.abilities.family === 6 && peer.family === 4
    connectInet(this.#fd, mapped ? `::ffff:${peer.address}` : peer.address, peer.port, peer.scope)
  }

  /**
   * Batches of datagrams. One iteration at a time.
   *
   * @throws signal's reason; SystemError; TypeError for a second iteration
   */
  async *batches(options: BatchOptions = {}): AsyncGenerator<DatagramBatch, void, undefined> {
    if (this.#state === 'iterated') throw new TypeError('batches: the socket is iterated already')
    this.#state = 'iterated'
    try {
      yield* iterate(this.#source, this.#readiness, options)
    } finally {
      this.#state = 'idle'
    }
  }

  hasRoom(): boolean {
    return this.#sender.hasRoom()
  }

  reserve(length: number): number {
    return this.#sender.reserve(length)
  }

  commit(length: number, endpoint?: Endpoint): void {
    this.#sender.commit(length, endpoint)
  }

  flush(): 'done' | 'again' {
    return this.#sender.flush()
  }

  /** Flushes, and waits until the kernel has taken everything. @throws signal's reason */
  async writable({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    while (this.flush() === 'again') await this.#readiness.wait('writable', signal)
  }

  counters(): { readonly received: TrafficCounters; readonly sent: TrafficCounters } {
    return { received: this.#received.read(), sent: this.#sent.read() }
  }

  /** Closes the socket; again: nothing. An iteration that goes on throws. */
  close(): void {
    this.#fd.close()
    this.#readiness[Symbol.dispose]()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
