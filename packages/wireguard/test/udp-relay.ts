import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { Namespace } from '@vpnext/lab'
import { bindInet, inetSocket } from '@vpnext/native'

/** What becomes of a datagram: nothing, or so many copies, each after some time in ms. */
export type Fate = readonly number[]

export interface UdpRelayOptions {
  readonly host: Namespace
  /** Address of the host. */
  readonly address: string
  readonly port: number
  readonly to: { readonly address: string; readonly port: number }
  /** Says what becomes of the nth datagram, counted from 0 for both directions together. */
  readonly fate: (nth: number) => Fate
}

/** A network between a client and a server that loses, repeats and reorders datagrams as it is told. */
export class UdpRelay implements AsyncDisposable {
  readonly counts: { taken: number; lost: number; repeated: number; overtaken: number } = {
    taken: 0,
    lost: 0,
    repeated: 0,
    overtaken: 0,
  }
  readonly #near: Socket
  readonly #far: Socket
  readonly #options: UdpRelayOptions
  #client: { readonly address: string; readonly port: number } | undefined

  constructor(options: UdpRelayOptions) {
    this.#options = options
    this.#near = socketInside(options.host, options.address, options.port)
    this.#far = socketInside(options.host, options.address, 0)
    this.#near.on('message', (bytes, client) => {
      this.#client = client
      this.#pass(bytes, this.#far, () => options.to)
    })
    this.#far.on('message', (bytes) => this.#pass(bytes, this.#near, () => this.#client))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of [this.#near, this.#far]) {
      const closed = once(socket, 'close')
      socket.close()
      await closed
    }
  }

  #pass(
    bytes: Buffer,
    through: Socket,
    to: () => { readonly address: string; readonly port: number } | undefined,
  ): void {
    const delays = this.#options.fate(this.counts.taken)
    this.counts.taken++
    if (delays.length === 0) this.counts.lost++
    if (delays.length > 1) this.counts.repeated++
    if (delays.some((delay) => delay > 0)) this.counts.overtaken++
    for (const delay of delays) {
      setTimeout(() => {
        const target = to()
        try {
          if (target !== undefined) through.send(bytes, target.port, target.address, () => undefined)
        } catch {
          // Closed meanwhile.
        }
      }, delay)
    }
  }
}

/** A seeded sequence of numbers from 0 to 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function socketInside(host: Namespace, address: string, port: number): Socket {
  const fd = host.run(() => inetSocket(4, 'dgram'))
  bindInet(fd, address, port)
  return createSocket('udp4').bind({ fd: fd.release() })
}
