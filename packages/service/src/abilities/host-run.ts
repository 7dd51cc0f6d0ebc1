import { type Deferred, deferred } from '../deferred.ts'
import type { HostCgroup } from '../hosts/host-cgroup.ts'
import type { HostProcess } from '../hosts/host-process.ts'
import { LineBudget } from '../logs/line-budget.ts'
import type { LogSubject } from '../logs/log-entry.ts'
import type { AbilityTarget } from './ability-target.ts'
import type { OnTheWay } from './carried-want.ts'

/** What the sandbox of a host really applied, in words, and what the kernel refused. */
export interface SandboxReport {
  readonly sandbox: readonly string[]
  readonly missing: readonly string[]
}

/** How far a host has come. */
export type HostStage =
  | { readonly kind: 'preparing' }
  /** The process exists and its channel is open; the extension is not loaded yet. */
  | { readonly kind: 'spawned'; readonly process: HostProcess; readonly cgroup: HostCgroup | undefined }
  | {
      readonly kind: 'attached'
      readonly process: HostProcess
      readonly cgroup: HostCgroup | undefined
      readonly report: SandboxReport
    }

/** A remote object under the number that the host it lives in has for it. */
export interface LocalRemote {
  readonly id: number
  readonly descriptor: string
}

/** One life of an extension, from the start of its host to the end of everything it had. */
export class HostRun {
  readonly target: AbilityTarget
  /** Uid the host runs under. */
  readonly hostUid: number
  /** What the service itself could not apply to this host, e.g. a uid of its own. */
  readonly missing: string[] = []
  /** Milliseconds since the epoch. */
  readonly startedAt: number = Date.now()
  /** Aborts when the run starts to end: what it waits for is not wanted any more. */
  readonly ending: AbortController = new AbortController()
  /** Settles at the host's first Attach. */
  readonly attached: Deferred<SandboxReport> = deferred()
  /** Settles once the extension runs; rejects with a BusinessError when it never will. */
  readonly created: Deferred<void> = deferred()
  /** What the host and its extension may still log. */
  readonly lines: LineBudget = new LineBudget()
  stage: HostStage = { kind: 'preparing' }
  /** What native code, or node, said of its crash, if it could. */
  crash: string | undefined
  /** Of Wants that this host has sent. */
  readonly wants: OnTheWay = { descriptors: 0 }
  /** The process is in its control group already. */
  confined = false
  /** How the sockets of this host are kept out of its tunnels (protectProcessNet). */
  protection: 'none' | 'by mark' | 'by uid' = 'none'
  /** Whether somebody has started the extension, or those who use it are all that keeps it. */
  use: { started: boolean; connections: number } = { started: true, connections: 0 }
  /** What onConnect returned for those who use it now; undefined while nobody does. */
  connected: Promise<LocalRemote | undefined> | undefined
  #startId = 0

  constructor(target: AbilityTarget, hostUid: number) {
    this.target = target
    this.hostUid = hostUid
    // Whoever waits handles it; a start that nobody waits for any more is no unhandled rejection.
    this.created.promise.catch(() => undefined)
    this.attached.promise.catch(() => undefined)
  }

  /** Undefined before the process exists. */
  get process(): HostProcess | undefined {
    return this.stage.kind === 'preparing' ? undefined : this.stage.process
  }

  /** Whose lines these are in the log. */
  get subject(): LogSubject {
    const { bundleName, ownerUid } = this.target.bundle
    return { bundleName, ownerUid, pid: this.process?.pid ?? 0 }
  }

  /** The number of the next onRequest, from 1. */
  nextStartId(): number {
    this.#startId += 1
    return this.#startId
  }
}
