import { errorText, watchNetlink } from '@vpnext/native'
import { type NetworkSettings, watchGuard } from '@vpnext/network'
import type { LogBook } from '../logs/log-book.ts'
import { serviceSubject } from '../logs/log-entry.ts'
import type { Tunnels } from './tunnels.ts'

/** News come in bursts: they are waited for, in ms. */
const settleMs = 20
/** Somebody who keeps at it is not kept pace with, in ms. */
const pauseMs = 250

/**
 * Notices when somebody else flushes the packet filter, deletes rules or takes an interface down, and has the tunnels mended.
 * What they do to it meanwhile opens nothing: filter and routes each keep the traffic in without the other.
 */
export class TunnelMender implements Disposable {
  readonly #tunnels: Tunnels
  readonly #logs: LogBook
  readonly #watches: Disposable[] = []
  #timer: NodeJS.Timeout | undefined
  #filterTouched = false
  #lastMended = 0

  constructor(tunnels: Tunnels, network: NetworkSettings, logs: LogBook) {
    this.#tunnels = tunnels
    this.#logs = logs
    this.#watch(() =>
      watchGuard(network, () => {
        this.#filterTouched = true
        this.#schedule()
      }),
    )
    const { first, last } = network.rulePriorities
    this.#watch(() =>
      watchNetlink(['link', 'rule'], (event) => {
        switch (event.kind) {
          case 'rule':
            if (event.deleted && event.rule.priority >= first && event.rule.priority <= last) this.#schedule()
            return
          case 'link':
            if (!event.deleted && event.link.kind === 'tun') this.#schedule()
            return
          case 'overrun':
            this.#schedule()
            return
          case 'address':
          case 'route':
            return
          default:
            event satisfies never
        }
      }),
    )
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    for (const watch of this.#watches.splice(0)) watch[Symbol.dispose]()
  }

  /** A machine without nf_tables has no filter to watch. */
  #watch(open: () => Disposable): void {
    try {
      this.#watches.push(open())
    } catch (error) {
      const reason = errorText(error)
      this.#logs.note('warn', serviceSubject, `what others change of tunnels is not noticed: ${reason}`)
    }
  }

  #schedule(): void {
    if (this.#timer !== undefined) return
    const wait = Math.max(settleMs, this.#lastMended + pauseMs - performance.now())
    this.#timer = setTimeout(() => void this.#mend(), wait)
    this.#timer.unref()
  }

  async #mend(): Promise<void> {
    this.#timer = undefined
    const filterTouched = this.#filterTouched
    this.#filterTouched = false
    try {
      const mended = await this.#tunnels.mend(filterTouched)
      if (mended === undefined) return
      this.#lastMended = performance.now()
      const what = [...(filterTouched ? ['the packet filter'] : []), ...mended]
      this.#logs.note(
        'warn',
        serviceSubject,
        `somebody changed the tunnels' network; put back: ${what.join(', ')}`,
      )
    } catch (error) {
      this.#logs.note('error', serviceSubject, `a tunnel could not be mended: ${String(error)}`)
    }
  }
}
