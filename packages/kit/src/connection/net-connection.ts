import { isDeepStrictEqual } from 'node:util'

import { isCallback, settle } from '../async-forms.ts'
import { Listeners } from '../listeners.ts'
import type { Permit } from '../permissions.ts'
import { missingMembers } from '../provided.ts'
import { asNetError, netError } from './net-error.ts'
import { NetHandle } from './net-handle.ts'
import { type NetSpecifier, satisfies } from './net-specifier.ts'
import type { NetWatch } from './net-watch.ts'
import { type Net, readNets } from './nets.ts'

/** Requests one process may have, as on the device. */
const maxRequests = 2000

type State =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'registered'
      readonly watch: Disposable
      net: Net | undefined
      timer: NodeJS.Timeout | undefined
    }

/** What the connections of a process share. */
export interface NetConnectionParts {
  readonly watch: NetWatch
  /** Connections that are registered now. */
  readonly registered: Set<NetConnection>
  readonly permit: Permit
}

/**
 * `connection.NetConnection`: between `register` and `unregister` it tells of the best network that its specifier allows, or
 * of the default one: first as it is, then whenever it changes.
 */
export class NetConnection implements Disposable {
  readonly #parts: NetConnectionParts
  readonly #specifier: NetSpecifier | undefined
  readonly #timeout: number
  readonly #listeners = new Listeners(
    [
      'netAvailable',
      'netBlockStatusChange',
      'netCapabilitiesChange',
      'netConnectionPropertiesChange',
      'netLost',
      'netUnavailable',
    ],
    'last',
  )
  #state: State = { kind: 'idle' }

  static {
    Object.setPrototypeOf(this.prototype, missingMembers('NetConnection'))
  }

  /**
   * @param specifier undefined: the default network
   * @param timeout ms after which `netUnavailable` is told when there is no such network; 0: never
   */
  constructor(parts: NetConnectionParts, specifier: NetSpecifier | undefined, timeout: number) {
    this.#parts = parts
    this.#specifier = specifier
    this.#timeout = timeout
  }

  on(type: unknown, callback: unknown): void {
    this.#listeners.on(type, callback)
  }

  off(type: unknown, callback?: unknown): void {
    this.#listeners.off(type, callback)
  }

  /** `register(callback)`: 201, 2101008 when it is registered, 2101022 when too many are. */
  register(...args: unknown[]): Promise<void> | undefined {
    return this.#settled(args, () => {
      const { watch, registered, permit } = this.#parts
      permit('ohos.permission.GET_NETWORK_INFO')
      if (this.#state.kind === 'registered') throw netError(2101008, 'it is registered already')
      if (registered.size >= maxRequests) throw netError(2101022, `${maxRequests} are registered`)
      const watching = watch.add((nets) => this.#update(nets))
      this.#state = { kind: 'registered', watch: watching, net: undefined, timer: this.#startTimer() }
      registered.add(this)
      const nets = readNets()
      // After the callback of register().
      setImmediate(() => this.#update(nets))
    })
  }

  /** `unregister(callback)`: 2101007 when it is not registered. */
  unregister(...args: unknown[]): Promise<void> | undefined {
    return this.#settled(args, () => {
      if (this.#state.kind === 'idle') throw netError(2101007, 'it is not registered')
      this[Symbol.dispose]()
    })
  }

  [Symbol.dispose](): void {
    if (this.#state.kind === 'idle') return
    this.#state.watch[Symbol.dispose]()
    clearTimeout(this.#state.timer)
    this.#state = { kind: 'idle' }
    this.#parts.registered.delete(this)
  }

  #update(nets: readonly Net[]): void {
    const state = this.#state
    if (state.kind === 'idle') return
    const before = state.net
    const after = this.#choose(nets)
    state.net = after
    if (before !== undefined && before.netId !== after?.netId) {
      this.#listeners.emit('netLost', new NetHandle(before.netId, this.#parts.permit))
    }
    if (after === undefined) return
    clearTimeout(state.timer)
    const netHandle = new NetHandle(after.netId, this.#parts.permit)
    const known = before?.netId === after.netId ? before : undefined
    if (known === undefined) this.#listeners.emit('netAvailable', netHandle)
    if (!isDeepStrictEqual(known?.capabilities, after.capabilities)) {
      this.#listeners.emit('netCapabilitiesChange', { netHandle, netCap: after.capabilities })
    }
    if (!isDeepStrictEqual(known?.properties, after.properties)) {
      this.#listeners.emit('netConnectionPropertiesChange', {
        netHandle,
        connectionProperties: after.properties,
      })
    }
  }

  /** The networks come best first. */
  #choose(nets: readonly Net[]): Net | undefined {
    const specifier = this.#specifier
    return specifier === undefined ? defaultNet(nets) : nets.find((net) => satisfies(net, specifier))
  }

  #startTimer(): NodeJS.Timeout | undefined {
    if (this.#timeout === 0) return undefined
    return setTimeout(() => {
      if (this.#state.kind === 'registered' && this.#state.net === undefined)
        this.#listeners.emit('netUnavailable')
    }, this.#timeout)
  }

  #settled(args: readonly unknown[], action: () => void): Promise<void> | undefined {
    const [callback] = args
    const done = new Promise<void>((resolve, reject) => {
      try {
        action()
        resolve()
      } catch (error) {
        const translated: unknown = asNetError(error)
        reject(translated instanceof Error ? translated : new Error(String(translated)))
      }
    })
    return settle(done, isCallback<void>(callback) ? callback : undefined)
  }
}

/** The network that traffic takes without a VPN. */
export function defaultNet(nets: readonly Net[]): Net | undefined {
  return nets.find(({ bearer }) => bearer !== vpnBearer)
}

const vpnBearer = 4
