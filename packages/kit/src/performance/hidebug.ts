import { readFileSync, readdirSync } from 'node:fs'
import { availableParallelism, cpus, freemem, totalmem } from 'node:os'
import { getHeapStatistics } from 'node:v8'

import { provide } from '../provided.ts'

/** Bytes of a KiB; the kernel's tables (proc_pid_smaps_rollup(5), proc_pid_status(5)) are in KiB, and so is what hidebug gives. */
const kib = 1024
/** Of the kernel's clock in /proc/…/stat, on every architecture that Node runs on (sysconf(_SC_CLK_TCK)). */
const ticksPerSecond = 100

/**
 * `hidebug` of `@kit.PerformanceAnalysisKit`: what the kernel and V8 tell of the process. Sizes are bigint: bytes for the native heap, KiB for the rest, as on
 * the device.
 */
export function hidebugNamespace(): object {
  return provide('hidebug', {
    getNativeHeapSize: () => BigInt(nativeHeap().size),
    getNativeHeapAllocatedSize: () => BigInt(nativeHeap().used),
    getNativeHeapFreeSize: () => {
      const { size, used } = nativeHeap()
      return BigInt(size - used)
    },
    getPss: () => resident()('Pss'),
    getVss: sizeOfAll,
    getSharedDirty: () => resident()('Shared_Dirty'),
    getPrivateDirty: () => resident()('Private_Dirty'),
    /** Of one processor, 0 to 1 for each, since the process began. */
    getCpuUsage: () => {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1e6 / Math.max(process.uptime(), 0.001) / availableParallelism()
    },
    getSystemCpuUsage: () => {
      const times = cpus().map(({ times: each }) => each)
      const idle = times.reduce((sum, each) => sum + each.idle, 0)
      const all = times.reduce(
        (sum, { user, nice, sys, idle: rest, irq }) => sum + user + nice + sys + rest + irq,
        0,
      )
      return all === 0 ? 0 : 1 - idle / all
    },
    getAppThreadCpuUsage: () => threadUsage(),
    getAppVMMemoryInfo: () => {
      const { heapTotal, heapUsed, arrayBuffers } = process.memoryUsage()
      return {
        totalHeap: BigInt(Math.ceil(heapTotal / kib)),
        heapUsed: BigInt(Math.ceil(heapUsed / kib)),
        allArraySize: BigInt(Math.ceil(arrayBuffers / kib)),
      }
    },
    getAppNativeMemInfo: () => {
      const kibOf = resident()
      return {
        pss: kibOf('Pss'),
        vss: sizeOfAll(),
        rss: kibOf('Rss'),
        sharedDirty: kibOf('Shared_Dirty'),
        privateDirty: kibOf('Private_Dirty'),
        sharedClean: kibOf('Shared_Clean'),
        privateClean: kibOf('Private_Clean'),
      }
    },
    getSystemMemInfo: () => ({
      totalMem: BigInt(Math.floor(totalmem() / kib)),
      freeMem: table('/proc/meminfo').get('MemFree') ?? BigInt(Math.floor(freemem() / kib)),
      availableMem: BigInt(Math.floor(freemem() / kib)),
    }),
    isDebugState: () => false,
  })
}

/** Reads what the process has in memory; the kernel goes through all of it for that. @returns KiB by the name of the line */
function resident(): (name: string) => bigint {
  const lines = table('/proc/self/smaps_rollup')
  return (name) => lines.get(name) ?? 0n
}

/** KiB of addresses. */
function sizeOfAll(): bigint {
  return table('/proc/self/status').get('VmSize') ?? 0n
}

function nativeHeap(): { size: number; used: number } {
  const { malloced_memory: used, peak_malloced_memory: peak } = getHeapStatistics()
  const { external } = process.memoryUsage()
  return { size: Math.max(used, peak) + external, used: used + external }
}

/** Lines such as `Pss:   1234 kB`; empty where the sandbox has no such file. */
function table(path: string): ReadonlyMap<string, bigint> {
  const lines = textOf(path).matchAll(/^(\w+):\s+(\d+) kB$/gm)
  return new Map([...lines].map(([, name = '', value = '0']) => [name, BigInt(value)]))
}

function threadUsage(): { threadId: number; cpuUsage: number }[] {
  const seconds = Math.max(process.uptime(), 0.001)
  return entriesOf('/proc/self/task').map((name) => {
    // After the name in brackets, which may hold blanks: utime and stime are fields 14 and 15 (proc_pid_stat(5)).
    const fields = textOf(`/proc/self/task/${name}/stat`).split(') ').at(-1)?.split(' ') ?? []
    const ticks = Number(fields[11] ?? 0) + Number(fields[12] ?? 0)
    return { threadId: Number(name), cpuUsage: ticks / ticksPerSecond / seconds }
  })
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function entriesOf(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
