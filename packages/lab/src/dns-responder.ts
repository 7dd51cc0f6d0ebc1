import type { RemoteInfo, Socket as UdpSocket } from 'node:dgram'

import { addressToBytes, parseAddress } from '@vpnext/ip'

import type { AddressPair } from './addresses.ts'
import { dnsAnswer, dnsTypes, parseDnsQuery } from './dns-message.ts'
import type { DnsQuestion } from './dns-message.ts'
import { closeUdp, sendDatagram, udpSocketPairInside } from './inside-socket.ts'
import type { Namespace } from './namespace.ts'

/** A query a resolver has seen. */
export interface DnsQuery {
  readonly name: string
  /** 1 A, 28 AAAA, … */
  readonly type: number
  /** The address it came from. */
  readonly from: string
}

/** A resolver that knows a few names and keeps a list of what it was asked: UDP only. */
export class DnsResponder implements AsyncDisposable {
  /** Everything asked so far, oldest first. */
  readonly queries: DnsQuery[] = []
  readonly #sockets: readonly UdpSocket[]
  readonly #names: ReadonlyMap<string, AddressPair>

  /**
   * @param own addresses of the host to listen on
   * @param names lower case, without the final dot
   */
  constructor(host: Namespace, own: AddressPair, port: number, names: ReadonlyMap<string, AddressPair>) {
    this.#names = names
    this.#sockets = udpSocketPairInside(host, own, port)
    for (const socket of this.#sockets) {
      socket.on('message', (message, peer) => this.#answer(socket, message, peer))
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#sockets.map(closeUdp))
  }

  #answer(socket: UdpSocket, message: Uint8Array, peer: RemoteInfo): void {
    const question = parseDnsQuery(message)
    if (question === undefined) return
    this.queries.push({ name: question.name, type: question.type, from: peer.address })
    sendDatagram(socket, dnsAnswer(question, this.#find(question)), peer.port, peer.address)
  }

  #find({ name, type }: DnsQuestion): Uint8Array | 'empty' | 'no such name' {
    const known = this.#names.get(name)
    if (known === undefined) return 'no such name'
    if (type !== dnsTypes.A && type !== dnsTypes.AAAA) return 'empty'
    const address = parseAddress(type === dnsTypes.A ? known.v4 : known.v6)
    return address === undefined ? 'empty' : addressToBytes(address)
  }
}
