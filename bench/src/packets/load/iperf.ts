import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Link } from '../link.ts'

export interface TcpOptions {
  /** Where the server is reached. */
  readonly address: string
  /** A whole number. */
  readonly seconds: number
  readonly streams: number
  /** Both ends send at once. Default false. */
  readonly bidirectional?: boolean
}

/** What arrived. */
export interface TcpResult {
  /** Both directions together. */
  readonly gbitPerSecond: number
  readonly gbit: number
  readonly retransmits: number
}

/** iperf3(1): its server runs at end b as long as this lives; clients run at end a, one at a time. */
export class Iperf implements AsyncDisposable {
  readonly #link: Link
  readonly #server: ChildProcess

  constructor(link: Link) {
    this.#link = link
    this.#server = link.b.spawn('iperf3', ['--server'], { stdio: 'ignore' })
  }

  /** One measurement. The server may not be there yet, or still busy with its last client: it is asked for two seconds. */
  async tcp(options: TcpOptions): Promise<TcpResult> {
    const deadline = performance.now() + 2000
    for (;;) {
      try {
        return readIperf(await this.#run(options))
      } catch (error) {
        if (performance.now() > deadline) throw error
        await sleep(50)
      }
    }
  }

  async #run({ address, seconds, streams, bidirectional }: TcpOptions): Promise<unknown> {
    const words = `--json --client ${address} --time ${seconds} --parallel ${streams}`.split(' ')
    const child = this.#link.a.spawn('iperf3', [...words, ...(bidirectional === true ? ['--bidir'] : [])], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let text = ''
    child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()))
    await once(child, 'close')
    return JSON.parse(text)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exit = once(this.#server, 'exit')
    this.#server.kill('SIGTERM')
    await exit
  }
}

interface Summary {
  readonly bytes: number
  readonly bits_per_second: number
  readonly retransmits?: number
}

/** @param result of `iperf3 --json` @throws Error with what it said */
export function readIperf(result: unknown): TcpResult {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is needed of it is checked below
  const { error, end } = result as { error?: string; end?: Record<string, Summary | undefined> }
  if (error !== undefined) throw new Error(`iperf3: ${error}`)
  const received = [end?.['sum_received'], end?.['sum_received_bidir_reverse']].filter(
    (sum) => sum !== undefined,
  )
  if (received.length === 0) throw new Error('iperf3: no result')
  const sent = [end?.['sum_sent'], end?.['sum_sent_bidir_reverse']].filter((sum) => sum !== undefined)
  return {
    gbitPerSecond: received.reduce((total, sum) => total + sum.bits_per_second, 0) / 1e9,
    gbit: (received.reduce((total, sum) => total + sum.bytes, 0) * 8) / 1e9,
    retransmits: sent.reduce((total, sum) => total + (sum.retransmits ?? 0), 0),
  }
}
