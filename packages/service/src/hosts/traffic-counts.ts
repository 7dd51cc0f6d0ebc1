import { businessError } from '@vpnext/api'
import { errorText, TrafficCounter } from '@vpnext/native'
import type { HostRun } from '../abilities/host-run.ts'

/** What hosts have sent and received: counted by the kernel for those who ask, from when they first do. */
export class TrafficCounts implements Disposable {
  readonly #counters = new Map<HostRun, TrafficCounter>()

  /** Bytes, IP headers included. @throws BusinessError 2200003 without a control group or BPF */
  of(run: HostRun): { received: number; sent: number } {
    const counter = this.#counters.get(run) ?? attach(run)
    this.#counters.set(run, counter)
    return counter.read()
  }

  ended(run: HostRun): void {
    this.#counters.get(run)?.[Symbol.dispose]()
    this.#counters.delete(run)
  }

  [Symbol.dispose](): void {
    for (const run of this.#counters.keys()) this.ended(run)
  }
}

function attach({ stage }: HostRun): TrafficCounter {
  const cgroup = stage.kind === 'preparing' ? undefined : stage.cgroup
  if (cgroup === undefined) throw businessError(2200003, { reason: 'the host has no control group' })
  try {
    return TrafficCounter.attach(cgroup.path, 'vpnext_count')
  } catch (error) {
    throw businessError(2200003, { reason: errorText(error) }, { cause: error })
  }
}
