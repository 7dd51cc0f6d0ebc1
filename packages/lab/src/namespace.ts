import { spawn } from 'node:child_process'
import type { ChildProcess, SpawnOptions } from 'node:child_process'
import { once } from 'node:events'

import { Rtnetlink, createNetworkNamespace, withNetworkNamespace } from '@vpnext/native'
import type { Fd } from '@vpnext/native'

const loopbackIndex = 1

/**
 * A network namespace held by a descriptor alone: it has no name in `/run/netns`, and the kernel removes it with
 * everything in it when this process ends, however it ends.
 */
export class Namespace implements AsyncDisposable {
  /** For messages: `client`, `router`, … */
  readonly name: string
  readonly fd: Fd
  readonly #children = new Set<ChildProcess>()

  private constructor(name: string, fd: Fd) {
    this.name = name
    this.fd = fd
  }

  /** A new namespace with its loopback up. Main thread only. @throws SystemError EPERM without CAP_SYS_ADMIN */
  static create(name: string): Namespace {
    const namespace = new Namespace(name, createNetworkNamespace())
    using rtnetlink = namespace.rtnetlink()
    rtnetlink.apply([{ op: 'setLink', index: loopbackIndex, up: true }])
    return namespace
  }

  /** Runs `action`, which must be synchronous, inside. Sockets it makes stay inside. */
  run<T>(action: () => T): T {
    return withNetworkNamespace(this.fd, action)
  }

  /** A route netlink socket of this namespace; the caller disposes it. */
  rtnetlink(): Rtnetlink {
    return this.run(() => Rtnetlink.open())
  }

  /** The index of a link. @throws Error when there is none of that name */
  linkIndex(name: string): number {
    using rtnetlink = this.rtnetlink()
    const link = rtnetlink.links().find((candidate) => candidate.name === name)
    if (link === undefined) throw new Error(`${this.name} has no link ${name}`)
    return link.index
  }

  /**
   * Starts a program inside, as `child_process.spawn`. It is killed with the namespace, and by the kernel when this
   * process ends (through setpriv(1), so a program that is not there makes exit code 127, not an `error` event).
   */
  spawn(command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
    const wrapped = ['--pdeathsig', 'KILL', '--', command, ...args]
    const child = this.run(() => spawn('setpriv', wrapped, options))
    this.#children.add(child)
    child.once('exit', () => this.#children.delete(child))
    child.once('error', () => this.#children.delete(child))
    return child
  }

  /** Kills what {@link spawn} started, waits for its end and lets go of the namespace. */
  async [Symbol.asyncDispose](): Promise<void> {
    const ends = [...this.#children].map((child) => once(child, 'exit'))
    for (const child of this.#children) child.kill('SIGKILL')
    await Promise.all(ends)
    this.fd.close()
  }
}
