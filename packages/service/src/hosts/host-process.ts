import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { type Fd, pidfdOpen, pidfdSignal, socketPair } from '@vpnext/native'
import { type Implementation, type Peer, createPeer } from '@vpnext/varlink'
import { LineSplitter } from '../logs/line-splitter.ts'
import type { HostLaunch } from '../protocol/host-launch.ts'

/** How a process ended: `code 1`, `signal SIGKILL`. */
export type HostExit = string

/** How long the last words of a dead host are waited for, in ms: something it forked may hold the other end. */
const lastWordsMs = 500

export interface SpawnHostOptions {
  readonly nodePath: string
  /** Path of stage1.mjs. */
  readonly stage1: string
  readonly launch: HostLaunch
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

  private constructor(child: ChildProcess, pidfd: Fd, peer: Peer, exited: Promise<HostExit>) {
    this.pid = child.pid ?? 0
    this.peer = peer
    this.exited = exited
    this.#child = child
    this.#pidfd = pidfd
    // A host without its channel can do nothing any more that the service could want.
    void peer.closed.then(() => this.kill())
  }

  /**
   * Starts stage 1 of a host. Called on the main thread, whose death is what the kernel kills the host for (prctl(2),
   * PR_SET_PDEATHSIG names the parent's thread). A session of its own keeps the terminal's Ctrl-C away from it.
   *
   * @throws node's error of spawn, e.g. ENOENT, EAGAIN
   */
  static async spawn(options: SpawnHostOptions): Promise<HostProcess> {
    const [own, theirs] = socketPair('seqpacket')
    let child: ChildProcess
    try {
      child = spawn(options.nodePath, [options.stage1, JSON.stringify(options.launch)], {
        stdio: ['ignore', 'pipe', 'pipe', theirs.number],
        env: {},
        cwd: '/',
        detached: true,
      })
    } catch (error) {
      own.close()
      throw error
    } finally {
      theirs.close()
    }
    if (child.pid === undefined) {
      own.close()
      const [error]: unknown[] = await once(child, 'error')
      throw error
    }
    // The pid is a child's that node has not waited for yet, so it cannot mean another process.
    const pidfd = pidfdOpen(child.pid)
    const exited = exitOf(child)
    readLines(child.stdout, (line) => options.onLine('stdout', line))
    readLines(child.stderr, (line) => options.onLine('stderr', line))
    const peer = createPeer(own, { interfaces: [options.answers], onError: options.onError })
    return new HostProcess(child, pidfd, peer, exited)
  }

  /** The stage-1 script of a host image. */
  static stage1Of(hostImage: string): string {
    return join(hostImage, 'stage1.mjs')
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

function exitOf(child: ChildProcess): Promise<HostExit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal === null ? `code ${code ?? 0}` : `signal ${signal}`))
  })
}

function readLines(stream: Readable | null, onLine: (line: string) => void): void {
  const splitter = new LineSplitter(onLine)
  stream?.on('data', (bytes: Buffer) => splitter.write(bytes))
  stream?.once('end', () => splitter.end())
  stream?.once('error', () => splitter.end())
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
