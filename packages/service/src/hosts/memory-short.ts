import { readFileSync } from 'node:fs'
import type { HostExit } from './waiting-host.ts'

/**
 * How many processes the kernel has ended because memory was short, since the machine started: proc_vmstat(5), of the whole machine and
 * of every control group with a limit.
 *
 * @returns undefined where it does not say
 */
export function countOomKills(path = '/proc/vmstat'): number | undefined {
  try {
    const count = /^oom_kill (\d+)$/m.exec(readFileSync(path, 'utf8'))?.[1]
    return count === undefined ? undefined : Number(count)
  } catch {
    return undefined
  }
}

/** Says of a host that was killed that memory was short meanwhile: the kernel tells it apart from no other SIGKILL. */
export function withOomKills(how: HostExit, before: number | undefined, now: number | undefined): HostExit {
  if (how !== 'signal SIGKILL' || before === undefined || now === undefined || now <= before) return how
  return `${how}; meanwhile the kernel ended ${now - before === 1 ? 'a process' : `${now - before} processes`} because memory was short`
}

/** What node writes on standard error before it aborts for want of memory, in our words; undefined for any other line. */
export function readHeapFull(line: string): string | undefined {
  return /^FATAL ERROR: .*JavaScript heap out of memory$/.test(line)
    ? 'out of memory: the heap of JavaScript was full'
    : undefined
}
