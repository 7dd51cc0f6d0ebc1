import { bindToDevice } from '@vpnext/native'

import { withBorrowed } from '../file/borrowed-fd.ts'
import { asSocketError, socketError } from '../socket/socket-error.ts'
import { netError } from './net-error.ts'
import { readNets } from './nets.ts'

/** The network that the sockets of this process use, those that the kits make (`setAppNet`). */
export class AppNet {
  /** 0: none, each goes where its routes say. */
  #netId = 0

  get netId(): number {
    return this.#netId
  }

  /** @param netId 0: none. @throws BusinessError 2100001 for a network that is not there */
  set(netId: number): void {
    if (netId !== 0 && interfaceOf(netId) === undefined)
      throw netError(2100001, `there is no network ${netId}`)
    this.#netId = netId
  }

  /**
   * Ties a new socket to the network's interface: it never goes by another.
   *
   * @param socket descriptor number; it stays the caller's
   * @throws BusinessError 2301101 (ENETUNREACH) once the network is gone, or 2301000 + errno
   */
  admit(socket: number): void {
    if (this.#netId === 0) return
    const name = interfaceOf(this.#netId)
    if (name === undefined) throw socketError('ENETUNREACH', `the network ${this.#netId} is gone`)
    try {
      withBorrowed(socket, (fd) => bindToDevice(fd, name))
    } catch (error) {
      throw asSocketError(error)
    }
  }
}

function interfaceOf(netId: number): string | undefined {
  return readNets().find((net) => net.netId === netId)?.interfaceName
}
