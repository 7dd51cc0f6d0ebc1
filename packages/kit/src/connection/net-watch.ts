import { type NetlinkEvent, watchNetlink } from '@vpnext/native'

import { type Net, readNets } from './nets.ts'

const mainTable = 254
/** Changes come in bursts: they are looked at together, after so many ms. */
const settleTime = 20

/** Tells its listeners of the networks whenever the kernel's change. It listens while it has listeners. */
export class NetWatch implements Disposable {
  readonly #listeners = new Set<(nets: readonly Net[]) => void>()
  #watch: Disposable | undefined
  #timer: NodeJS.Timeout | undefined

  /** @returns what ends it. @throws SystemError */
  add(listener: (nets: readonly Net[]) => void): Disposable {
    this.#watch ??= watchNetlink(['link', 'address', 'route'], (event) => this.#onEvent(event))
    this.#listeners.add(listener)
    return {
      [Symbol.dispose]: () => {
        this.#listeners.delete(listener)
        if (this.#listeners.size === 0) this[Symbol.dispose]()
      },
    }
  }

  [Symbol.dispose](): void {
    this.#watch?.[Symbol.dispose]()
    this.#watch = undefined
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#listeners.clear()
  }

  #onEvent(event: NetlinkEvent): void {
    if (!concernsNets(event)) return
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      const nets = readNets()
      for (const listener of this.#listeners) listener(nets)
    }, settleTime)
  }
}

/** A VPN's own routes, of which there may be thousands, are in other tables. */
function concernsNets(event: NetlinkEvent): boolean {
  return event.kind !== 'route' || event.route.table === mainTable
}
