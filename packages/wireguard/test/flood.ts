import { randomFillSync } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { Namespace } from '@vpnext/lab'
import { bindInet, inetSocket } from '@vpnext/native'
import { cookieKeys, messageMac } from '../src/cookie/cookie-keys.ts'
import { decodeKey } from '../src/index.ts'
import { Initiation, MessageType } from '../src/messages/message-layout.ts'

/** Initiations sent in a millisecond: enough for cookies to be asked for, and each is given one. */
const rate = 0.8
/** Between bursts, ms, and how many there are in one at most, after a pause of the machine's own. */
const pause = 10
const longest = 300

/** Somebody who knows a public key and nothing else, and sends its owner initiations that cost as much as they can. */
export class Flood implements AsyncDisposable {
  readonly #socket: Socket
  readonly #timer: NodeJS.Timeout

  /** @param publicKey of whom, base64 @param address where it listens, IPv4 */
  constructor(host: Namespace, publicKey: string, address: string, port: number) {
    const fd = host.run(() => inetSocket(4, 'dgram'))
    bindInet(fd, '0.0.0.0', 0)
    this.#socket = createSocket('udp4').bind({ fd: fd.release() })
    const { mac1Key } = cookieKeys(decodeKey(publicKey) ?? new Uint8Array(0))
    const send = (): void => {
      const bytes = new Uint8Array(Initiation.length)
      randomFillSync(bytes)
      bytes.set([MessageType.initiation, 0, 0, 0])
      bytes.set(messageMac(mac1Key, bytes, 0, Initiation.mac1), Initiation.mac1)
      bytes.fill(0, Initiation.mac2)
      this.#socket.send(bytes, port, address, () => undefined)
    }
    let last = performance.now()
    this.#timer = setInterval(() => {
      const count = Math.min(Math.round((performance.now() - last) * rate), longest)
      last = performance.now()
      for (let sent = 0; sent < count; sent++) send()
    }, pause)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    const closed = once(this.#socket, 'close')
    this.#socket.close()
    await closed
  }
}
