import type { DatagramSink, Endpoint } from '@vpnext/packet'

/** The engine's sockets: one for each address family that the machine has. */
export class SocketSet {
  readonly #v4: DatagramSink | undefined
  readonly #v6: DatagramSink | undefined

  /** @param families of the sockets, in their order */
  constructor(sockets: readonly DatagramSink[], families: readonly (4 | 6)[]) {
    this.#v4 = sockets[families.indexOf(4)]
    this.#v6 = sockets[families.indexOf(6)]
  }

  /** The socket by which an endpoint is reached. */
  of(endpoint: Endpoint): DatagramSink | undefined {
    return endpoint.family === 4 ? this.#v4 : this.#v6
  }
}
