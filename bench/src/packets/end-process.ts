import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Namespace } from '@vpnext/lab'
import type { Tunnel } from './contender.ts'
import type { EndAddresses } from './link.ts'

/** How much of what a program said is kept for error messages, characters. */
const keptOutput = 4000
/** For a program to end by itself, ms. */
const patienceMs = 3000

/** A program of ours at one end of the link, in a process of its own. It is asked and answers, one question at a time. */
export class EndProcess implements AsyncDisposable {
  readonly pid: number
  /** Called with each line of its standard output. */
  onLine: (line: string) => void = () => undefined
  readonly #child: ChildProcess
  #said = ''
  #rest = ''

  private constructor(child: ChildProcess) {
    this.#child = child
    this.pid = child.pid ?? -1
    child.stderr?.on('data', (chunk: Buffer) => this.#keep(chunk.toString()))
    child.stdout?.on('data', (chunk: Buffer) => {
      const lines = `${this.#rest}${chunk.toString()}`.split('\n')
      this.#rest = lines.pop() ?? ''
      for (const line of lines) this.onLine(line)
    })
  }

  /**
   * @param program of bench/dist/packets/ends
   * @param config its first message; keys go this way, never by its command line
   * @param flags for node itself
   * @returns when it has said that it is ready
   * @throws Error with what it said when it ends instead
   */
  static async start(
    namespace: Namespace,
    program: URL,
    config: object,
    flags: readonly string[] = [],
  ): Promise<EndProcess> {
    const child = namespace.spawn(process.execPath, [...flags, program.pathname], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    const end = new EndProcess(child)
    await end.ask(config)
    return end
  }

  /** @returns its answer @throws Error with what it said when it has ended */
  async ask(question: object | string): Promise<unknown> {
    const ended = new AbortController()
    try {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a process, not a window
      this.#child.send(question)
      const answer = await Promise.race([
        once(this.#child, 'message', { signal: ended.signal }),
        once(this.#child, 'exit', { signal: ended.signal }).then(() => {
          throw new Error(`an end of the tunnel has ended: ${this.#said.trim()}`)
        }),
      ])
      return answer[0]
    } finally {
      ended.abort()
    }
  }

  #keep(text: string): void {
    this.#said = `${this.#said}${text}`.slice(-keptOutput)
  }

  /** Asks it to end, so that what node still has to say is heard; whoever does not is killed. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    // Not `close`, which does not come after `disconnect`.
    const closed = Promise.all([
      once(this.#child, 'exit'),
      ...(this.#child.stdout === null ? [] : [once(this.#child.stdout, 'close')]),
    ])
    const overdue = setTimeout(() => this.#child.kill('SIGKILL'), patienceMs)
    this.#child.disconnect()
    await closed
    clearTimeout(overdue)
  }
}

/** The tunnel that such processes make. */
export function tunnelOf(ends: readonly EndProcess[], addresses: EndAddresses): Tunnel {
  return {
    addresses,
    pids: ends.map(({ pid }) => pid),
    async [Symbol.asyncDispose]() {
      await Promise.all(ends.map((end) => end[Symbol.asyncDispose]()))
    },
  }
}
