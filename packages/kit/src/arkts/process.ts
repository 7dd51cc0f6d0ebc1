import { readFileSync, readlinkSync } from 'node:fs'
import { cpus, getPriority, totalmem } from 'node:os'

import { integerParameter, textParameter } from '../parameters.ts'
import { provide } from '../provided.ts'

/** Uids of applications: 20010000 and more, as on the device. */
const firstAppUid = 20010000

/**
 * `process` of `@kit.ArkTS`.
 *
 * @param exit ends the process at once: destructors of native modules do not survive an ordinary exit
 */
export function processNamespace(exit: () => never): object {
  /** `process.ProcessManager`. */
  class ProcessManager {
    /** The code is not told to anybody: an extension that ends itself is one that is gone. */
    exit(code: unknown): never {
      integerParameter(code, 'code')
      return exit()
    }
    isAppUid(uid: unknown): boolean {
      return integerParameter(uid, 'v') >= firstAppUid
    }
    /** -1 for a name that is not in the sandbox's list of users. */
    getUidForName(name: unknown): number {
      const wanted = textParameter(name, 'v')
      const line = readFileSync('/etc/passwd', 'utf8')
        .split('\n')
        .find((text) => text.startsWith(`${wanted}:`))
      return line === undefined ? -1 : Number(line.split(':')[2])
    }
    /** The nice value; of the own threads only. */
    getThreadPriority(thread: unknown): number {
      return getPriority(integerParameter(thread, 'v', 0))
    }
    /** Those values of sysconf(3) that node knows: 2, 30, 83, 84 and 85; -1 for others. */
    getSystemConfig(name: unknown): number {
      const ticksPerSecond = 100
      const pageBytes = 4096
      switch (integerParameter(name, 'name')) {
        case 2:
          return ticksPerSecond
        case 30:
          return pageBytes
        case 83:
        case 84:
          return cpus().length
        case 85:
          return Math.floor(totalmem() / pageBytes)
        default:
          return -1
      }
    }
    getEnvironmentVar(name: unknown): string | undefined {
      return process.env[textParameter(name, 'name')]
    }
    /** To the own process only: there is no other that the sandbox lets one see. */
    kill(signal: unknown, pid: unknown): boolean {
      try {
        return process.kill(integerParameter(pid, 'pid'), integerParameter(signal, 'signal', 0, 64))
      } catch (error) {
        if (error instanceof Error && 'syscall' in error) return false
        throw error
      }
    }
  }
  const manager = new ProcessManager()
  return provide('process', {
    ProcessManager,
    // Older code calls them here.
    isAppUid: (uid: unknown) => manager.isAppUid(uid),
    getUidForName: (name: unknown) => manager.getUidForName(name),
    getThreadPriority: (thread: unknown) => manager.getThreadPriority(thread),
    getSystemConfig: (name: unknown) => manager.getSystemConfig(name),
    getEnvironmentVar: (name: unknown) => manager.getEnvironmentVar(name),
    kill: (signal: unknown, pid: unknown) => manager.kill(signal, pid),
    chdir: (folder: unknown) => process.chdir(textParameter(folder, 'dir')),
    exit: (code: unknown) => new ProcessManager().exit(code),
    abort: exit,
    is64Bit: () => true,
    isIsolatedProcess: () => false,
    /** Seconds since the process began. */
    uptime: () => process.uptime(),
    /** Milliseconds from the start of the machine to that of the process. */
    getStartRealtime: () => Math.round(bootTime() - process.uptime() * 1000),
    /** Milliseconds of processor time. */
    getPastCpuTime: () => {
      const { user, system } = process.cpuUsage()
      return Math.round((user + system) / 1000)
    },
    cwd: () => process.cwd(),
    get uid() {
      return process.getuid?.() ?? 0
    },
    get euid() {
      return process.geteuid?.() ?? 0
    },
    get gid() {
      return process.getgid?.() ?? 0
    },
    get egid() {
      return process.getegid?.() ?? 0
    },
    get pid() {
      return process.pid
    },
    get ppid() {
      return process.ppid
    },
    /** Of the main thread it is the pid. */
    get tid() {
      // `<pid>/task/<tid>`, proc(5); calls that do not wait run in the thread that makes them.
      return Number(readlinkSync('/proc/thread-self').split('/').at(-1))
    },
  })
}

/** Milliseconds since the machine started. */
function bootTime(): number {
  return Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1000
}
