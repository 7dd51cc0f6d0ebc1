import { EndProcess } from '../end-process.ts'
import type { StreamRun } from '../ends/stream-source.ts'
import type { Link } from '../link.ts'

const port = 44_000

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

  /** One stream to each address, all at once. @returns Gbit/s that arrived, of all together */
  async run(addresses: readonly string[], ms: number): Promise<number> {
    const before = Number(await this.#sink.ask('bytes'))
    const run: StreamRun = { addresses, port, ms }
    const seconds = Number(await this.#source.ask(run))
    return ((Number(await this.#sink.ask('bytes')) - before) * 8) / seconds / 1e9
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#source[Symbol.asyncDispose](), this.#sink[Symbol.asyncDispose]()])
  }
}
