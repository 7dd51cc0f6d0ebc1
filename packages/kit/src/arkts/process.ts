import { readFileSync } from 'node:fs'

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
  return provide('process', {
    ProcessManager,
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
      return process.pid
    },
  })
}

/** Milliseconds since the machine started. */
function bootTime(): number {
  return Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1000
}
