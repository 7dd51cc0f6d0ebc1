import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type Socket, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Compiled, whether this file is or not. */
const program = fileURLToPath(new URL('node-child.js', import.meta.url)).replace(
  /\/src\/echo\/node-child\.js$/,
  '/dist/echo/node-child.js',
)
/** Bytes of a message, about those of a small call. */
const message = Buffer.alloc(64, 'x')

/** A Unix socket between two Node processes as anybody would use it, by `node:net`. */
export class NodeEcho implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #socket: Socket
  readonly #folder: string

  private constructor(child: ChildProcess, socket: Socket, folder: string) {
    this.#child = child
    this.#socket = socket
    this.#folder = folder
  }

  static async open(): Promise<NodeEcho> {
    const folder = mkdtempSync(join(tmpdir(), 'vpnext-echo-'))
    const path = join(folder, 'socket')
    const child = spawn(process.execPath, [program, path], { stdio: ['ignore', 'pipe', 'inherit'] })
    if (child.stdout === null) throw new TypeError('no pipe to the echo')
    await once(child.stdout, 'data')
    const socket = connect(path)
    await once(socket, 'connect')
    return new NodeEcho(child, socket, folder)
  }

  /** The times of so many round trips, one after the other, in ms. */
  async roundTrips(count: number): Promise<number[]> {
    const times: number[] = []
    for (let done = 0; done < count; done += 1) {
      const begin = performance.now()
      const answered = new Promise((resolve) => this.#socket.once('data', resolve))
      this.#socket.write(message)
      await answered
      times.push(performance.now() - begin)
    }
    return times
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#socket.destroy()
    await ended
    rmSync(this.#folder, { recursive: true })
  }
}
