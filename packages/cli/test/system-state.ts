import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Namespace } from '@vpnext/lab'
import { cgroup2Mount, isErrno } from '@vpnext/native'
import { type NetworkSnapshot, defaultSettings, diffSnapshots, takeSnapshot } from '@vpnext/network'
import type { Place } from './test-service.ts'

/** All that an instance of vpnext may change of a machine. */
export interface SystemState {
  readonly network: NetworkSnapshot
  /** Control groups of the instance, as paths. */
  readonly cgroups: readonly string[]
  /** Names in the folder of the resolver's configuration, and its bytes. */
  readonly resolver: readonly string[]
  /** Programs in the network namespace, by pid. */
  readonly processes: readonly number[]
}

const patienceMs = 30_000
const pauseMs = 20

export function takeState(namespace: Namespace, place: Place): SystemState {
  const { instance, resolvConf } = place
  const resolver = readdirSync(place.folder).filter((name) => name.includes('resolv.conf'))
  return {
    network: namespace.run(() => takeSnapshot(defaultSettings({ instance, resolvConf }))),
    cgroups: listCgroups(instance),
    resolver: [...resolver.toSorted(), readFileSync(resolvConf, 'utf8')],
    processes: listProcesses(namespace),
  }
}

/** The part that does not belong to a service that runs: what its tunnels change. */
export function withoutService(state: SystemState): SystemState {
  return { ...state, cgroups: [], processes: [] }
}

/** What differs, one line each; nothing when the two are equal. */
export function diffStates(before: SystemState, after: SystemState): string[] {
  const lines = diffSnapshots(before.network, after.network)
  for (const part of ['cgroups', 'resolver', 'processes'] as const) {
    const [was, is] = [JSON.stringify(before[part]), JSON.stringify(after[part])]
    if (was !== is) lines.push(`${part}: was ${was}, is ${is}`)
  }
  return lines
}

/**
 * Waits until the state is what it was: what has been killed takes a moment to be gone.
 *
 * @param part what of the state is meant; all of it when absent
 * @returns what still differs after 30 s; nothing otherwise
 */
export async function waitForState(
  before: SystemState,
  namespace: Namespace,
  place: Place,
  part: (state: SystemState) => SystemState = (state) => state,
): Promise<string[]> {
  const end = performance.now() + patienceMs
  for (;;) {
    const lines = diffStates(part(before), part(takeState(namespace, place)))
    if (lines.length === 0 || performance.now() > end) return lines
    await sleep(pauseMs)
  }
}

/**
 * Waits until no program runs in a network namespace any more: the hosts of a service that was killed die after it, and the
 * TUN device with them.
 *
 * @throws Error naming those that still do after 30 s
 */
export async function waitForProcesses(namespace: Namespace): Promise<void> {
  const end = performance.now() + patienceMs
  for (let left = listProcesses(namespace); left.length > 0; left = listProcesses(namespace)) {
    if (performance.now() > end) throw new Error(`still running: ${left.join(', ')}`)
    await sleep(pauseMs)
  }
}

/** The folders of an instance in the cgroup2 tree, deepest last. */
export function listCgroups(instance: string): string[] {
  const mount = cgroup2Mount()
  if (mount === undefined) return []
  const root = join(mount, `vpnext-${instance}`)
  const paths: string[] = []
  for (
    let folders = existsSync(root) ? [root] : [];
    folders.length > 0;
    folders = folders.flatMap(foldersIn)
  ) {
    paths.push(...folders)
  }
  return paths.toSorted((a, b) => a.localeCompare(b))
}

/** None in a folder that has gone since it was listed, as a host's does when it ends. */
function foldersIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true })
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name))
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return []
    throw error
  }
}

/** The processes in a network namespace that have not ended; this one may be inside for a moment and does not count. */
export function listProcesses(namespace: Namespace): number[] {
  const wanted = namespace.run(() => readlinkSync('/proc/thread-self/ns/net'))
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid && isIn(name, wanted))
    .map(Number)
}

/**
 * By any of its threads: the first one of a killed process is gone, and has no namespaces any more, while another one still
 * waits for the disk in fsync(2) and keeps the TUN open.
 */
function isIn(pid: string, wanted: string): boolean {
  return tasksOf(pid).some((task) => {
    try {
      return readlinkSync(`/proc/${pid}/task/${task}/ns/net`) === wanted
    } catch {
      // It has ended: what nobody has waited for yet has no namespaces either.
      return false
    }
  })
}

function tasksOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}
