import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import {
  Fd,
  type FdWatch,
  inetSocket,
  receiveMessage,
  sendMessage,
  socketPair,
  watchFd,
} from '@vpnext/native'

/** Compiled, whether this file is or not. */
const program = fileURLToPath(new URL('child.js', import.meta.url)).replace(
  /\/src\/echo\/child\.js$/,
  '/dist/echo/child.js',
)
/** Bytes of a message, about those of a small call. */
const messageBytes = 64

/** A message between two Node processes and nothing else, with a descriptor or without: what calls are measured against. */
export class BareEcho implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #channel: Fd
  readonly #fds: readonly Fd[]
  readonly #watch: FdWatch
  readonly #message = Buffer.alloc(messageBytes, 'x')
  readonly #buffer = Buffer.alloc(4096)
  #onAnswer: () => void = () => undefined

  /** @param withSocket each message carries a descriptor */
  constructor({ withSocket }: { readonly withSocket: boolean }) {
    const [own, theirs] = socketPair('seqpacket')
    this.#child = spawn(process.execPath, [program], {
      stdio: ['ignore', 'inherit', 'inherit', theirs.number],
    })
    theirs.close()
    this.#channel = own
    this.#fds = withSocket ? [inetSocket(4, 'dgram')] : []
    this.#watch = watchFd(own, { readable: true }, () => {
      if (receiveMessage(own, this.#buffer) !== 'again') this.#onAnswer()
    })
  }

  /** The times of so many round trips, one after the other, in ms. */
  async roundTrips(count: number): Promise<number[]> {
    const times: number[] = []
    for (let done = 0; done < count; done += 1) {
      const begin = performance.now()
      const answered = new Promise<void>((resolve) => {
        this.#onAnswer = resolve
      })
      if (sendMessage(this.#channel, this.#message, this.#fds) === 'again')
        throw new Error('the echo is stuck')
      await answered
      times.push(performance.now() - begin)
    }
    return times
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#watch[Symbol.dispose]()
    this.#channel.close()
    for (const fd of this.#fds) fd.close()
    await ended
  }
}
