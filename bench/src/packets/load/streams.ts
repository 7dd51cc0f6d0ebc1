import { setTimeout as sleep } from 'node:timers/promises'
import { EndProcess } from '../end-process.ts'
import type { StreamRun } from '../ends/stream-source.ts'
import type { Link } from '../link.ts'

const port = 44_000
/** Many streams that begin together first fill the device’s queue and lose packets: not what is to be measured. */
const slowStartMs = 700

/** TCP streams to many addresses at once, which iperf3 cannot: our own source at end a and counter at end b. */
export class Streams implements AsyncDisposable {
  readonly #source: EndProcess
  readonly #sink: EndProcess

  private constructor(source: EndProcess, sink: EndProcess) {
    this.#source = source
    this.#sink = sink
  }

  static async open(link: Link): Promise<Streams> {
    const sink = await EndProcess.start(link.b, new URL('../ends/stream-sink.js', import.meta.url), { port })
    const source = await EndProcess.start(link.a, new URL('../ends/stream-source.js', import.meta.url), {})
    return new Streams(source, sink)
  }

  /** One stream to each address, all at once. @returns Gbit/s that arrived, of all together, once they are under way */
  async run(addresses: readonly string[], ms: number): Promise<number> {
    const run: StreamRun = { addresses, port, ms: slowStartMs + ms }
    const sending = this.#source.ask(run)
    await sleep(slowStartMs)
    const before = await this.#arrived()
    await sleep(ms)
    const after = await this.#arrived()
    await sending
    return ((after.bytes - before.bytes) * 8) / (after.at - before.at) / 1e6
  }

  /** @returns bytes so far, and when that was, ms */
  async #arrived(): Promise<{ readonly bytes: number; readonly at: number }> {
    const bytes = Number(await this.#sink.ask('bytes'))
    return { bytes, at: performance.now() }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#source[Symbol.asyncDispose](), this.#sink[Symbol.asyncDispose]()])
  }
}
