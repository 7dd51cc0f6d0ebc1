import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { type Fd, pidfdSignal, sendMessage } from '@vpnext/native'
import { type Implementation, type Peer, createPeer } from '@vpnext/varlink'
import { readLines } from '../logs/read-lines.ts'
import type { HostLaunch } from '../protocol/host-launch.ts'
import { countOomKills, withOomKills } from './memory-short.ts'
import type { HostExit, WaitingHost } from './waiting-host.ts'

/** How long the last words of a dead host are waited for, in ms: something it forked may hold the other end. */
const lastWordsMs = 500

export interface HostOptions {
  /** Undefined: the process has it already. */
  readonly launch: HostLaunch | undefined
  /** What answers the host's calls; nothing is called before this function has returned. */
  readonly answers: Implementation
  readonly onLine: (source: 'stdout' | 'stderr', line: string) => void
  /** Hears of what goes wrong on the channel and is no answer to anybody. */
  readonly onError: (error: unknown, where: string) => void
}

/** The process of one host. It is ended by SIGKILL only: whatever it should do before is asked of it by {@link peer}. */
export class HostProcess implements AsyncDisposable {
  readonly pid: number
  /** The private channel, fd 3 of the host. */
  readonly peer: Peer
  /** Resolves when the process has ended and was waited for. */
  readonly exited: Promise<HostExit>
  readonly #child: ChildProcess
  readonly #pidfd: Fd

  private constructor(waiting: WaitingHost, peer: Peer) {
    this.pid = waiting.pid
    this.peer = peer
    const oomKills = countOomKills()
    this.exited = waiting.exited.then((how) => withOomKills(how, oomKills, countOomKills()))
    this.#child = waiting.child
    this.#pidfd = waiting.pidfd
    // A host without its channel can do nothing any more that the service could want.
    void peer.closed.then(() => this.kill())
  }

  /**
   * Tells a waiting process whose host it is.
   *
   * @param waiting given away
   * @throws SystemError EPIPE when it has ended
   */
  static async launch(waiting: WaitingHost, options: HostOptions): Promise<HostProcess> {
    const { channel, child } = waiting
    try {
      if (options.launch !== undefined) tellLaunch(waiting, options.launch)
    } catch (error) {
      await waiting[Symbol.asyncDispose]()
      throw error
    }
    readLines(child.stdout, (line) => options.onLine('stdout', line))
    readLines(child.stderr, (line) => options.onLine('stderr', line))
    const peer = createPeer(channel, {
      interfaces: [options.answers],
      onError: options.onError,
      relays: true,
    })
    return new HostProcess(waiting, peer)
  }

  /** SIGKILL; nothing when it has ended. */
  kill(): void {
    if (!this.#pidfd.closed) pidfdSignal(this.#pidfd, 'SIGKILL')
  }

  /** Kills it, waits for its end and releases what belongs to it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.kill()
    await this.exited
    await lastWords(this.#child, this.peer.closed)
    await this.peer[Symbol.asyncDispose]()
    this.#pidfd.close()
  }
}

/** Tells a waiting process whose host it is. @throws SystemError EPIPE when it has ended */
export function tellLaunch({ channel }: WaitingHost, launch: HostLaunch): void {
  sendMessage(channel, Buffer.from(JSON.stringify(launch)))
}

/** Waits until everything a dead host wrote has been read, on its channel and its pipes. */
async function lastWords({ stdout, stderr }: ChildProcess, channelClosed: Promise<void>): Promise<void> {
  const limit = new AbortController()
  const open = [stdout, stderr].filter((stream) => stream !== null).filter((stream) => !stream.closed)
  const closed = open.map((stream) => once(stream, 'close', { signal: limit.signal }))
  const all = Promise.all([channelClosed, ...closed])
  // A stream that fails has nothing more to say either.
  await Promise.race([all, delay(lastWordsMs, undefined, { signal: limit.signal })]).catch(() => undefined)
  limit.abort()
  for (const stream of open) stream.destroy()
}
