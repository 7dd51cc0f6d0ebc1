import { type BusinessError, businessError } from '@vpnext/api'
import { Fd, describeTun, isSystemError, socketDomain } from '@vpnext/native'

import type { ServiceCalls } from '../runtime.ts'

/**
 * A tunnel of this process. `gone`: the service has ended it, and need not be asked to; the descriptor stays open until the
 * extension lets go of it, because a number that is closed under the extension would soon be another file.
 */
interface Tunnel {
  /** `''`: the one without. */
  readonly vpnId: string
  readonly state: 'up' | 'gone'
  /** Of its descriptor, which is the extension's: native code makes copies and closes it, and the number is another file then. */
  readonly number: number
}

/** The tunnels of this process. All VpnConnection objects share one of these: what one creates, another may destroy. */
export class Tunnels implements Disposable {
  readonly #service: ServiceCalls
  /** Few, with different ids. */
  #all: readonly Tunnel[] = []

  constructor(service: ServiceCalls) {
    this.#service = service
  }

  /**
   * @param vpnId `''` for the one without
   * @param config plain JSON, checked
   * @returns the descriptor's number, above 0
   * @throws BusinessError of `create`
   */
  async create(vpnId: string, config: object): Promise<number> {
    const { fd } = await this.#service.createVpn(config)
    // The service allows one tunnel per id, so whatever is left here belongs to one that is gone.
    this.#letGo(vpnId)
    const number = fd.release()
    this.#all = [...this.#all, { vpnId, state: 'up', number }]
    return number
  }

  /** Closes the descriptor first, as the device does, then has the tunnel removed. Again: resolves. */
  async destroy(vpnId: string): Promise<void> {
    const state = this.#find(vpnId)?.state
    this.#letGo(vpnId)
    if (state === 'gone') return
    await this.#service.destroyVpn(vpnId === '' ? undefined : vpnId)
    // A create() that was under way has arrived before this answer.
    this.#letGo(vpnId)
  }

  /** @throws BusinessError 2203004 for what is no IPv4 or IPv6 socket, and those of `protect` */
  async protect(number: number): Promise<void> {
    const socket = borrowSocket(number)
    let sent: Promise<void>
    try {
      sent = this.#service.protect(socket)
    } finally {
      socket.release()
    }
    await sent
  }

  /** The service has ended a tunnel of this process. */
  gone(vpnId: string): void {
    this.#all = this.#all.map((tunnel) => (tunnel.vpnId === vpnId ? { ...tunnel, state: 'gone' } : tunnel))
  }

  /**
   * Whether `number` is the descriptor of a tunnel; if so it is closed, as the extension asked by closing it as a file.
   */
  closeDescriptor(number: number): boolean {
    const tunnel = this.#all.find((candidate) => candidate.number === number)
    if (tunnel !== undefined) this.#letGo(tunnel.vpnId)
    return tunnel !== undefined
  }

  [Symbol.dispose](): void {
    for (const { vpnId } of this.#all) this.#letGo(vpnId)
  }

  #find(vpnId: string): Tunnel | undefined {
    return this.#all.find((tunnel) => tunnel.vpnId === vpnId)
  }

  /** Closes the descriptor, unless the extension's own code has closed it and the number is another file by now. */
  #letGo(vpnId: string): void {
    const tunnel = this.#find(vpnId)
    if (tunnel === undefined) return
    this.#all = this.#all.filter((other) => other !== tunnel)
    if (!this.#all.some(({ number }) => number === tunnel.number)) closeTun(tunnel.number)
  }
}

/** Closes what is a TUN. */
function closeTun(number: number): void {
  const fd = borrow(number)
  if (fd !== undefined && isTun(fd)) fd.close()
  else fd?.release()
}

/** A descriptor of the extension's; undefined for one that is the kits' own. */
function borrow(number: number): Fd | undefined {
  try {
    return Fd.adopt(number)
  } catch {
    return undefined
  }
}

/** TUNGETIFF answers EBADFD on a TUN whose device is gone, ENOTTY and the like on other files. */
function isTun(fd: Fd): boolean {
  try {
    describeTun(fd)
    return true
  } catch (error) {
    return isSystemError(error, 'EBADFD')
  }
}

/** The extension's own descriptor, to be released at once: it may close it at any time. */
function borrowSocket(number: number): Fd {
  const socket = borrow(number)
  if (socket === undefined) throw noSocket(`${number} is not a socket`)
  const domain = socketDomain(socket)
  if (domain === 'inet' || domain === 'inet6') return socket
  socket.release()
  throw noSocket(`${number} is not an open IPv4 or IPv6 socket`)
}

function noSocket(reason: string): BusinessError {
  return businessError(2203004, { field: 'socketFd', reason }, { call: 'protect' })
}
