import type { Progress } from '../progress.ts'
import type { Contender, Tunnel } from './contender.ts'
import { Link } from './link.ts'
import { Datagrams } from './load/datagrams.ts'
import { Iperf } from './load/iperf.ts'
import type { Settings } from './settings.ts'

/** The contenders that every run has. */
export interface Contenders {
  readonly ours: Contender
  readonly wireguardGo: Contender
  readonly openvpn: Contender
}

/** Where rows are measured: the link, what loads it, and the tunnels that are up, each opened when it is first needed. */
export class Ground implements AsyncDisposable {
  readonly link: Link
  readonly settings: Settings
  readonly progress: Progress
  readonly contenders: Contenders
  /** For files of this run. */
  readonly folder: string
  readonly #tunnels = new Map<Contender, Tunnel>()
  #iperf: Iperf | undefined
  #datagrams: Datagrams | undefined
  #lastSlot = 0

  constructor(settings: Settings, contenders: Contenders, folder: string, progress: Progress) {
    this.settings = settings
    this.contenders = contenders
    this.folder = folder
    this.progress = progress
    this.link = Link.open()
  }

  /**
   * A contender's tunnel, which stays up: idle it costs nothing. It has been under load for a while, as tunnels have that run
   * for long: compilers and caches have settled.
   */
  async tunnel(contender: Contender): Promise<Tunnel> {
    let tunnel = this.#tunnels.get(contender)
    if (tunnel === undefined) {
      tunnel = await contender.open(this.link, this.nextSlot())
      this.#tunnels.set(contender, tunnel)
      const { settleSeconds: seconds } = this.settings
      await this.iperf().tcp({ address: tunnel.addresses.b.v4, streams: 1, seconds })
    }
    return tunnel
  }

  /** A number for addresses and ports that nobody has had. */
  readonly nextSlot: () => number = (): number => {
    this.#lastSlot += 1
    return this.#lastSlot
  }

  iperf(): Iperf {
    return (this.#iperf ??= new Iperf(this.link))
  }

  async datagrams(): Promise<Datagrams> {
    return (this.#datagrams ??= await Datagrams.open(this.link))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const owned of [...this.#tunnels.values(), this.#iperf, this.#datagrams])
      await owned?.[Symbol.asyncDispose]()
    await this.link[Symbol.asyncDispose]()
  }
}
