import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import type { Namespace } from '@vpnext/lab'

/** Reads a command a line; answers its status and when it began and ended, in seconds with microseconds. */
const loop = `
while IFS= read -r line; do
  begin=$EPOCHREALTIME
  eval "$line" >&2
  status=$?
  echo "$status $begin $EPOCHREALTIME"
done`

/**
 * A small shell that stays, and times what it starts: a fork of it costs next to nothing, unlike one of this process, so
 * the figures are those of the commands.
 */
export class Shell implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #answers: Interface
  #errors = ''

  private constructor(child: ChildProcess) {
    if (child.stdout === null) throw new TypeError('no pipe from the shell')
    this.#child = child
    this.#answers = createInterface({ input: child.stdout })
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#errors = `${this.#errors}${chunk.toString()}`.slice(-2000)
    })
  }

  /** @param namespace the network its commands see */
  static open(namespace: Namespace): Shell {
    const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' }
    return new Shell(namespace.spawn('bash', ['-c', loop], { stdio: ['pipe', 'pipe', 'pipe'], env }))
  }

  /**
   * Runs one command.
   *
   * @param command a line in the language of bash
   * @returns from before its first process was made until it had ended, in ms
   * @throws Error with what it said when its status is not 0
   */
  async time(command: string): Promise<number> {
    this.#errors = ''
    const answer = once(this.#answers, 'line')
    this.#child.stdin?.write(`${command}\n`)
    const [line]: unknown[] = await answer
    const { status, ms } = readAnswer(String(line))
    if (status !== 0) throw new Error(`\`${command}\` ended with ${status}: ${this.#errors.trim()}`)
    return ms
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#child.stdin?.end()
    await ended
  }
}

/** `0 1795352164.906625 1795352164.907630` → status 0, 1.005 ms. @throws Error for something else */
export function readAnswer(line: string): { readonly status: number; readonly ms: number } {
  const found = /^(\d+) (\d+)\.(\d{6}) (\d+)\.(\d{6})$/.exec(line)
  if (found === null) throw new Error(`the shell answered ${JSON.stringify(line)}`)
  const [, status, ...times] = found.map(Number)
  const [beginSeconds = 0, beginMicros = 0, endSeconds = 0, endMicros = 0] = times
  return { status: status ?? -1, ms: (endSeconds - beginSeconds) * 1000 + (endMicros - beginMicros) / 1000 }
}
