import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

import type { WireGuardStatus } from '@vpnext/wireguard'

import { labLinks } from './addresses.ts'
import type { Namespace } from './namespace.ts'

/** The first line that the program is given. Every further one asks for the status. */
export interface GatewayStart {
  readonly conf: string
  readonly tunName: string
}

/** A line that the program says. */
export type GatewayMessage =
  { readonly kind: 'ready' } | { readonly kind: 'status'; readonly status: WireGuardStatus }

export interface WireGuardGatewayOptions {
  /** A file of wg-quick(8): keys, port, addresses, MTU and peers. See `makeWireGuardConfs`. */
  readonly conf: string
  /** Of the TUN device that is made. Default `g-wg`. */
  readonly tunName?: string
}

/** The same seen from `src` and from `dist`. */
const program = fileURLToPath(new URL('../dist/wireguard-gateway-program.js', import.meta.url))

/** A WireGuard server: the engine of `@vpnext/wireguard`, in a process and on a TUN device of its own. */
export class WireGuardGateway implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>
  readonly #ended: Promise<unknown>
  /** Questions are answered one after the other. */
  #last: Promise<unknown> = Promise.resolve()

  private constructor(child: ChildProcess, lines: AsyncIterator<string>, ended: Promise<unknown>) {
    this.#child = child
    this.#lines = lines
    this.#ended = ended
  }

  /**
   * Starts one. It answers when this returns.
   *
   * @param host where it runs
   * @throws Error with what the program said, when it ends instead
   */
  static async start(host: Namespace, options: WireGuardGatewayOptions): Promise<WireGuardGateway> {
    // In a session of its own: Ctrl-C at the terminal leaves the order of stopping to the caller.
    const child = host.spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'pipe'], detached: true })
    const { stderr, stdin, stdout } = child
    if (stderr === null || stdin === null || stdout === null) throw new Error('gateway: no pipes')
    const complaint = text(stderr)
    const ended = once(child, 'exit')
    const start: GatewayStart = { conf: options.conf, tunName: options.tunName ?? labLinks.gatewayWireGuard }
    // It may have ended before it reads this, by Ctrl-C before it had a session of its own: its end tells that.
    stdin.on('error', () => undefined)
    stdin.write(`${JSON.stringify(start)}\n`)
    const lines = createInterface({ input: stdout })[Symbol.asyncIterator]()
    const gateway = new WireGuardGateway(child, lines, ended)
    if ((await gateway.#next())?.kind === 'ready') return gateway
    await ended
    throw new Error(`gateway: ${await complaint}`)
  }

  /** What its WireGuard has to say. @throws Error when it has ended */
  async status(): Promise<WireGuardStatus> {
    const answered = this.#last.then(async () => {
      this.#child.stdin?.write('status\n')
      const message = await this.#next()
      if (message?.kind !== 'status') throw new Error('gateway: it has ended')
      return message.status
    })
    this.#last = answered.catch(() => {})
    return answered
  }

  /** Ends it: its keys, sockets and device are gone then. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin?.end()
    await this.#ended
  }

  async #next(): Promise<GatewayMessage | undefined> {
    const { done, value } = await this.#lines.next()
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by our program
    return done === true ? undefined : (JSON.parse(value) as GatewayMessage)
  }
}
