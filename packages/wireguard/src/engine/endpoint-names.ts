import { parseAddress } from '@vpnext/ip'
import type { RouteProbe } from '@vpnext/packet'
import { REKEY_TIMEOUT } from '../constants.ts'
import type { EndpointSetting } from '../wg-quick/tunnel-settings.ts'
import type { PlainEndpoint } from './engine-messages.ts'
import { unlessAborted } from './unless-aborted.ts'

/** Waits between attempts to find a first address, ms: at last as long as between two initiations, whose place they take. */
const firstWait = 2_000
const longestWait = REKEY_TIMEOUT

export interface EndpointNamesOptions {
  /** Gives a name's addresses, IPv4 and IPv6. */
  readonly resolve: (name: string) => Promise<readonly string[]>
  /** Gives the addresses by which one of IPv4 is reached in a network of IPv6 alone. */
  readonly translate?: ((ipv4: string) => Promise<readonly string[]>) | undefined
  /** Families of which there is a socket. */
  readonly families: readonly (4 | 6)[]
  /** Where there is a way to; disposed of with the names. */
  readonly routes: Pick<RouteProbe, 'hasRoute'> & Disposable
  readonly onResolved: (publicKey: string, endpoint: PlainEndpoint) => void
  readonly onFailed: (publicKey: string, name: string, reason: string) => void
}

interface NamedPeer {
  readonly setting: EndpointSetting
  /** Whether its endpoint is no name, but an address of IPv4, to which there may be no route. */
  readonly isLiteral: boolean
  state: 'idle' | 'asking' | 'retrying'
  address: string | undefined
  wait: number
  timer: NodeJS.Timeout | undefined
  /** Lets whoever waits for a first answer go on. */
  readonly release: () => void
}

/**
 * Peers whose endpoints are names: resolved at the start, and again when a peer does not answer. And those with addresses of IPv4, which are
 * translated where no route leads to them.
 */
export class EndpointNames implements Disposable {
  readonly #options: EndpointNamesOptions
  readonly #peers = new Map<string, NamedPeer>()

  constructor(options: EndpointNamesOptions) {
    this.#options = options
  }

  /**
   * Resolves once the name was asked for, whatever came of it: while there is no address, it is asked for again. Or when the
   * peer is removed meanwhile.
   *
   * @param signal ends the wait, with its reason; the name is asked for all the same
   */
  async add(publicKey: string, setting: EndpointSetting, signal?: AbortSignal): Promise<void> {
    this.remove(publicKey)
    const { families, translate } = this.#options
    const family = parseAddress(setting.host.replace(/%.*/, ''))?.family
    const isLiteral = family !== undefined
    // Of IPv6 there is nothing to be found out.
    if (isLiteral && (family === 6 || translate === undefined || !families.includes(6))) return
    const asked = new Promise<void>((release) => {
      const peer: NamedPeer = {
        setting,
        isLiteral,
        state: 'idle',
        address: undefined,
        wait: firstWait,
        timer: undefined,
        release,
      }
      this.#peers.set(publicKey, peer)
      if (this.#isReachedAsItIs(peer)) release()
      else void this.#ask(publicKey, peer).then(release)
    })
    await unlessAborted(asked, signal)
  }

  remove(publicKey: string): void {
    const peer = this.#peers.get(publicKey)
    clearTimeout(peer?.timer)
    peer?.release()
    this.#peers.delete(publicKey)
  }

  /** The peer does not answer where it is said to be. Nothing for peers whose address is given, and can be reached. */
  unanswered(publicKey: string): void {
    const peer = this.#peers.get(publicKey)
    if (peer?.state === 'idle' && !this.#isReachedAsItIs(peer)) void this.#ask(publicKey, peer)
  }

  [Symbol.dispose](): void {
    for (const publicKey of this.#peers.keys()) this.remove(publicKey)
    this.#options.routes[Symbol.dispose]()
  }

  async #ask(publicKey: string, peer: NamedPeer): Promise<void> {
    const { onFailed, onResolved } = this.#options
    const { host, port } = peer.setting
    peer.state = 'asking'
    try {
      const found = await this.#find(peer)
      if (this.#peers.get(publicKey) !== peer) return
      const known = this.#worthAsking(found)
      // The next one after that which does not answer.
      const address = known[(known.indexOf(peer.address ?? '') + 1) % known.length]
      if (address === undefined) throw new Error('no address of a family that this machine has')
      peer.state = 'idle'
      peer.wait = firstWait
      // Of one that is reached as it is, it is not asked again.
      peer.address = address === host ? undefined : address
      onResolved(publicKey, { address, port, scope: 0 })
    } catch (error) {
      if (this.#peers.get(publicKey) !== peer) return
      onFailed(publicKey, host, error instanceof Error ? error.message : String(error))
      this.#retry(publicKey, peer)
    }
  }

  /** Whether its address is given, was never translated, and a route leads there. Where the peer has moved since, it stays. */
  #isReachedAsItIs({ address, isLiteral, setting }: NamedPeer): boolean {
    return isLiteral && address === undefined && this.#options.routes.hasRoute(setting.host)
  }

  async #find({ isLiteral, setting: { host } }: NamedPeer): Promise<readonly string[]> {
    const { resolve, routes, translate } = this.#options
    if (!isLiteral || translate === undefined) return await resolve(host)
    if (routes.hasRoute(host)) return [host]
    try {
      const found = await translate(host)
      if (found.length > 0) return found
      throw new Error('this network has none')
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new Error(`no route leads there, and no way by NAT64 is known: ${reason}`, { cause: error })
    }
  }

  /** Of the addresses those of our families, without the ones that no route leads to unless they all are. */
  #worthAsking(found: readonly string[]): string[] {
    const { families, routes } = this.#options
    const known = found.filter((text) => {
      const address = parseAddress(text)
      return address !== undefined && families.includes(address.family)
    })
    const reached = known.filter((address) => routes.hasRoute(address))
    return reached.length > 0 ? reached : known
  }

  #retry(publicKey: string, peer: NamedPeer): void {
    peer.state = 'retrying'
    peer.timer = setTimeout(() => void this.#ask(publicKey, peer), peer.wait).unref()
    peer.wait = Math.min(2 * peer.wait, longestWait)
  }
}
