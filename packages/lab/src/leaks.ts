import { readFileSync, readdirSync, readlinkSync } from 'node:fs'

import { openFds } from '@vpnext/native'

/** What this process holds of the kind that tests must give back. */
export interface Inventory {
  /** Descriptors that `@vpnext/native` owns. */
  readonly ownedFds: number
  readonly sockets: number
  readonly tunDevices: number
  readonly networkNamespaces: number
  readonly childProcesses: number
}

const defaultTimeoutMs = 5000
const pauseMs = 10

/** Counts what this process holds now. */
export function takeInventory(): Inventory {
  const targets = readdirSync('/proc/self/fd').map(linkTarget)
  const count = (start: string): number => targets.filter((target) => target.startsWith(start)).length
  return {
    ownedFds: openFds(),
    sockets: count('socket:'),
    tunDevices: count('/dev/net/tun'),
    networkNamespaces: count('net:'),
    childProcesses: childCount(),
  }
}

/**
 * Checks that nothing was left behind since `before`. Node closes some handles a turn of the loop later, so this waits
 * for it.
 *
 * @param options.timeoutMs 5000 when absent
 * @throws Error naming what there is more of
 */
export async function expectNothingLeft(
  before: Inventory,
  options: { readonly timeoutMs?: number } = {},
): Promise<void> {
  const end = performance.now() + (options.timeoutMs ?? defaultTimeoutMs)
  for (;;) {
    const left = differences(before, takeInventory())
    if (left.length === 0) return
    if (performance.now() > end) throw new Error(`left behind: ${left.join(', ')}`)
    await new Promise((done) => {
      setTimeout(done, pauseMs)
    })
  }
}

function differences(before: Inventory, now: Inventory): string[] {
  const names = ['ownedFds', 'sockets', 'tunDevices', 'networkNamespaces', 'childProcesses'] as const
  return names.filter((name) => now[name] > before[name]).map((name) => `${now[name] - before[name]} ${name}`)
}

/** The descriptor that reads the folder is in the list, and closed by now. */
function linkTarget(name: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${name}`)
  } catch {
    return ''
  }
}

function childCount(): number {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === process.pid).length
}

function parentOf(pid: string): number | undefined {
  try {
    return Number(/^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  } catch {
    return undefined
  }
}
