import { booleanParameter, integerParameter } from '../parameters.ts'
import { lastCallback } from './last-callback.ts'
import { addressArgument } from './socket-address.ts'
import { socketError } from './socket-error.ts'
import { UdpSocket } from './udp-socket.ts'

/**
 * `socket.constructMulticastSocketInstance()` (HarmonyOS, `MulticastSocket`): a UDP socket that may join groups. Joining a group binds it to
 * the group's port, unless it is bound.
 */
export class MulticastSocket extends UdpSocket {
  #ttl = 1
  #loopback = true

  /** `addMembership(multicastAddress, callback?)`. */
  addMembership(...args: unknown[]): Promise<void> | undefined {
    const { host, family, port } = addressArgument(args[0], 'multicastAddress')
    const join = async (): Promise<void> => {
      const state = await this.getState()
      if (state?.isBound !== true) {
        await this.bind({ address: family === 4 ? '0.0.0.0' : '::', family: family === 4 ? 1 : 2, port })
      }
      await this.onSocket((socket) => {
        socket.addMembership(host)
        socket.setMulticastTTL(this.#ttl)
        socket.setMulticastLoopback(this.#loopback)
      })
    }
    return lastCallback(args, 1, join())
  }

  /** `dropMembership(multicastAddress, callback?)`. */
  dropMembership(...args: unknown[]): Promise<void> | undefined {
    const { host } = addressArgument(args[0], 'multicastAddress')
    return lastCallback(
      args,
      1,
      this.onSocket((socket) => socket.dropMembership(host)),
    )
  }

  /** `setMulticastTTL(ttl, callback?)`: 0 to 255 hops. */
  setMulticastTTL(...args: unknown[]): Promise<void> | undefined {
    const ttl = integerParameter(args[0], 'ttl')
    const set = async (): Promise<void> => {
      if (ttl < 0 || ttl > 255) throw socketError('EINVAL', 'ttl is not from 0 to 255')
      this.#ttl = ttl
      await this.#whenBound((socket) => socket.setMulticastTTL(ttl))
    }
    return lastCallback(args, 1, set())
  }

  /** `getMulticastTTL(callback?)`. */
  getMulticastTTL(...args: unknown[]): Promise<number> | undefined {
    return lastCallback(args, 0, Promise.resolve(this.#ttl))
  }

  /** `setLoopbackMode(flag, callback?)`: whether this machine hears what it sends. */
  setLoopbackMode(...args: unknown[]): Promise<void> | undefined {
    this.#loopback = booleanParameter(args[0], 'flag')
    return lastCallback(
      args,
      1,
      this.#whenBound((socket) => socket.setMulticastLoopback(this.#loopback)),
    )
  }

  /** `getLoopbackMode(callback?)`. */
  getLoopbackMode(...args: unknown[]): Promise<boolean> | undefined {
    return lastCallback(args, 0, Promise.resolve(this.#loopback))
  }

  /** What is set before is kept until there is a socket. */
  async #whenBound(action: Parameters<typeof this.onSocket>[0]): Promise<void> {
    const state = await this.getState()
    if (state?.isBound === true) await this.onSocket(action)
  }
}
