import { readFileSync, readdirSync } from 'node:fs'
import { isErrno } from '@vpnext/native'

/** Resident memory of a process, in KiB. @throws node's ENOENT when it has ended */
export function residentKiB(pid: number): number {
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(found?.[1])
}

/** How many descriptors a process has open. */
export function descriptorCount(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

/** Processor time of all threads of a process so far, in ms. */
export function processorMs(pid: number): number {
  let nanoseconds = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    // Documentation/scheduler/sched-stats.rst: time on the processor comes first.
    const text = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8')
    nanoseconds += Number(text.split(' ')[0])
  }
  return nanoseconds / 1e6
}

/** The control groups below a folder, sorted; none when it is not there. */
export function controlGroups(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${entry.parentPath}/${entry.name}`)
      .toSorted()
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return []
    throw error
  }
}

/** The processes that the main thread of a process has started and not yet waited for. */
export function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return text === '' ? [] : text.split(' ').map(Number)
}

/** `52.3 MiB` */
export function formatMemory(kib: number): string {
  return `${(kib / 1024).toFixed(1)} MiB`
}
