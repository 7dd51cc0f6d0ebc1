import { spawn } from 'node:child_process'
import type { ChildProcess, SpawnOptions } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Namespace } from '@vpnext/lab'

/** The compiled command; `npm run build` makes it. */
export const mainScript: string = fileURLToPath(new URL('../dist/main.js', import.meta.url))

/** Ten times what the slowest verb takes on a loaded machine of two cores, in ms. */
const defaultTimeoutMs = 60_000

export interface ProcessOptions {
  /** Besides PATH, HOME and TMPDIR. */
  readonly env?: Readonly<Record<string, string>>
  /** Standard input, which ends after it; without it, it stays open. */
  readonly input?: string
  /** In a process group of its own, so that {@link VpnextProcess.interruptGroup} reaches it alone. */
  readonly detached?: boolean
  readonly timeoutMs?: number
}

/** How a process ended, and all it wrote. */
export interface Finished {
  /** Undefined after a signal. */
  readonly code: number | undefined
  readonly signal: string | undefined
  readonly stdout: string
  readonly stderr: string
}

/** A `vpnext` that runs as a process of its own, as a person starts it. */
export class VpnextProcess {
  readonly pid: number
  /** Resolves when it has ended and all output has been read; rejects past its deadline, after killing it. */
  readonly finished: Promise<Finished>
  stdout = ''
  stderr = ''
  readonly #child: ChildProcess
  readonly #title: string
  readonly #waiting = new Set<() => void>()

  constructor(child: ChildProcess, title: string, options: ProcessOptions) {
    this.#child = child
    this.#title = title
    this.pid = child.pid ?? 0
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        this[name] += text
        for (const wake of this.#waiting) wake()
      })
    }
    // A program may end without reading it.
    child.stdin?.on('error', () => undefined)
    if (options.input !== undefined) child.stdin?.end(options.input)
    this.finished = this.#finish(options.timeoutMs ?? defaultTimeoutMs)
    this.finished.catch(() => undefined)
  }

  /** Waits for text on either output. @throws Error with what it wrote when it ends, or its deadline passes, before */
  async waitFor(text: string | RegExp): Promise<void> {
    const isIn = (output: string): boolean =>
      typeof text === 'string' ? output.includes(text) : text.test(output)
    const isThere = (): boolean => isIn(this.stdout) || isIn(this.stderr)
    const ended = this.finished.then(() => true)
    for (;;) {
      if (isThere()) return
      const more = new Promise<boolean>((resolve) => this.#waiting.add(() => resolve(false)))
      if ((await Promise.race([more, ended])) && !isThere())
        throw this.#failure(`ended without ${String(text)}`)
      this.#waiting.clear()
    }
  }

  type(text: string): void {
    this.#child.stdin?.write(text)
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** What Ctrl-C at a terminal does. */
  interruptGroup(): void {
    process.kill(-this.pid, 'SIGINT')
  }

  #finish(timeoutMs: number): Promise<Finished> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#child.kill('SIGKILL')
        reject(this.#failure(`did not end within ${timeoutMs} ms`))
      }, timeoutMs)
      this.#child.once('error', reject)
      this.#child.once('close', (code, signal) => {
        clearTimeout(timer)
        const { stdout, stderr } = this
        resolve({ code: code ?? undefined, signal: signal ?? undefined, stdout, stderr })
      })
    })
  }

  #failure(what: string): Error {
    return new Error(`${this.#title} ${what}; it wrote:\n${this.stdout}\n${this.stderr}`)
  }
}

/** Starts `vpnext <args>` in a namespace. */
export function startVpnext(
  namespace: Namespace,
  args: readonly string[],
  options: ProcessOptions = {},
): VpnextProcess {
  return startProgram(namespace, process.execPath, [mainScript, ...args], options)
}

/** Starts any program in a namespace; `undefined`: in that of this process. */
export function startProgram(
  namespace: Namespace | undefined,
  command: string,
  args: readonly string[],
  options: ProcessOptions = {},
): VpnextProcess {
  const { PATH = '', HOME = '/', TMPDIR = '/tmp' } = process.env
  const spawnOptions: SpawnOptions = {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH, HOME, TMPDIR, ...options.env },
    detached: options.detached ?? false,
  }
  const child =
    namespace === undefined
      ? spawn(command, args, spawnOptions)
      : namespace.spawn(command, args, spawnOptions)
  return new VpnextProcess(child, [command, ...args].join(' '), options)
}
