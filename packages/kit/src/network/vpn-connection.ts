import {
  checkCreateArguments,
  checkDestroyArguments,
  checkGenerateVpnIdArguments,
  checkProtectArguments,
  checkProtectProcessNetArguments,
  checkSocketFd,
  checkVpnConfig,
  isBusinessError,
  snapshotVpnConfig,
} from '@vpnext/api'
import { settle } from '../async-forms.ts'
import { missingMembers } from '../provided.ts'
import type { ProcessNet } from './process-net.ts'
import type { Tunnels } from './tunnels.ts'

/**
 * What `createVpnConnection` gives (API document, `VpnConnection`). It has no own members: `JSON.stringify` gives `{}`.
 *
 * Each method takes a callback as its last argument instead of returning a promise. Wrong argument types and counts
 * throw BusinessError 401 at once; everything else rejects.
 */
export class VpnConnection {
  readonly #tunnels: Tunnels
  readonly #processNet: ProcessNet

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('VpnConnection'))
  }

  constructor(tunnels: Tunnels, processNet: ProcessNet) {
    this.#tunnels = tunnels
    this.#processNet = processNet
  }

  /** `create(config, callback?)`: sets the VPN up. Resolves with the TUN descriptor, above 0. */
  create(...args: unknown[]): Promise<number> | undefined {
    const { config, callback } = checkCreateArguments(args)
    const created = nowOrRejected(() => {
      const plain = snapshotVpnConfig(config)
      return this.#tunnels.create(checkVpnConfig(plain).vpnId, plain)
    })
    return settle(created, callback)
  }

  /** `protect(socketFd, callback?)`: keeps a socket out of the VPN. */
  protect(...args: unknown[]): Promise<void> | undefined {
    const { socketFd, callback } = checkProtectArguments(args)
    const protection = nowOrRejected(() => this.#tunnels.protect(checkSocketFd(socketFd)))
    return settle(protection, callback)
  }

  /** `destroy(vpnId?, callback?)`: removes the VPN. Again: resolves. */
  destroy(...args: unknown[]): Promise<void> | undefined {
    const { vpnId, callback } = checkDestroyArguments(args)
    return settle(this.#tunnels.destroy(vpnId), callback)
  }

  /**
   * `protectProcessNet()`: keeps every socket that this process makes from now on out of the VPN. Always resolves; where the
   * kernel cannot, the sockets of the kits are protected one by one, and a line of the log says so. Since API version 22.
   *
   * @throws BusinessError 19900001 for any argument
   */
  protectProcessNet(...args: unknown[]): Promise<void> {
    checkProtectProcessNetArguments(args)
    return this.#processNet.protect()
  }

  /** `generateVpnId(callback?)`: 16 random bytes as hexadecimal, in the groups of a UUID. Since API version 20. */
  generateVpnId(...args: unknown[]): Promise<string> | undefined {
    const { callback } = checkGenerateVpnIdArguments(args)
    // node:crypto would take 3 ms of every host's start.
    const id = Buffer.from(crypto.getRandomValues(new Uint8Array(16)))
      .toString('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    return settle(Promise.resolve(id), callback)
  }
}

/** Checks and calls now, so that calls reach the service in their order: a 401 is thrown now, other errors reject. */
function nowOrRejected<T>(call: () => Promise<T>): Promise<T> {
  try {
    return call()
  } catch (error) {
    if (isBusinessError(error) && error.code !== 401) return Promise.reject(error)
    throw error
  }
}
