import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { type Fd, pidfdOpen, pidfdSignal, socketPair } from '@vpnext/native'

/** How a process ended: `code 1`, `signal SIGKILL`. */
export type HostExit = string

/** Stage 1 of a host that does not know yet whose: it waits for the launch description on its channel. */
export class WaitingHost implements AsyncDisposable {
  readonly pid: number
  readonly child: ChildProcess
  /** Names the process for good, unlike its pid. */
  readonly pidfd: Fd
  /** The service's end of fd 3 of the process. */
  readonly channel: Fd
  /** Resolves when the process has ended and was waited for. */
  readonly exited: Promise<HostExit>
  #ended = false

  private constructor(child: ChildProcess, pid: number, channel: Fd) {
    this.pid = pid
    this.child = child
    this.channel = channel
    // The pid is a child's that node has not waited for yet, so it cannot mean another process.
    this.pidfd = pidfdOpen(pid)
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.#ended = true
        resolve(signal === null ? `code ${code ?? 0}` : `signal ${signal}`)
      })
    })
  }

  /**
   * Starts stage 1. Called on the main thread, whose death is what the kernel kills the host for (prctl(2),
   * PR_SET_PDEATHSIG names the parent's thread). A session of its own keeps the terminal's Ctrl-C away from it.
   *
   * @param stage1 path of stage1.mjs
   * @throws node's error of spawn, e.g. ENOENT, EAGAIN
   */
  static async start(nodePath: string, stage1: string): Promise<WaitingHost> {
    const [own, theirs] = socketPair('seqpacket')
    try {
      const child = spawn(nodePath, [stage1], {
        stdio: ['ignore', 'pipe', 'pipe', theirs.number],
        env: {},
        cwd: '/',
        detached: true,
      })
      if (child.pid !== undefined) return new WaitingHost(child, child.pid, own)
      const [error]: unknown[] = await once(child, 'error')
      throw error
    } catch (error) {
      own.close()
      throw error
    } finally {
      theirs.close()
    }
  }

  /** Whether the process has ended. */
  get hasEnded(): boolean {
    return this.#ended
  }

  /** Ends one that is not wanted. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#ended) pidfdSignal(this.pidfd, 'SIGKILL')
    await this.exited
    this.pidfd.close()
    this.channel.close()
    this.child.stdout?.destroy()
    this.child.stderr?.destroy()
  }
}

/** The stage-1 script of a host image. */
export function stage1Of(hostImage: string): string {
  return join(hostImage, 'stage1.mjs')
}
