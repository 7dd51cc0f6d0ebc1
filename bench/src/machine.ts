import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'

/** What a figure was measured on; every table says so. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  /** Whether the processor says that a hypervisor is below it. */
  readonly virtual: boolean
  readonly memoryGiB: number
  readonly kernel: string
  readonly node: string
  /** Of the contenders, as they say it themselves; `not installed` where they do not. */
  readonly programs: Readonly<Record<string, string>>
}

export function describeMachine(): Machine {
  const all = cpus()
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    virtual: isVirtual(readFileSync('/proc/cpuinfo', 'utf8')),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.versions.node,
    programs: {
      ip: versionOf('ip', ['-V']),
      nft: versionOf('nft', ['--version']),
      wg: versionOf('wg', ['--version']),
    },
  }
}

/** @param cpuinfo of /proc/cpuinfo */
export function isVirtual(cpuinfo: string): boolean {
  return /^flags\s*:.*\bhypervisor\b/m.test(cpuinfo)
}

/** The first line about itself, e.g. `ip utility, iproute2-6.1.0, libbpf 1.1.2`. */
function versionOf(command: string, args: readonly string[]): string {
  try {
    const text = execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    return text.split('\n')[0]?.trim() ?? ''
  } catch {
    return 'not installed'
  }
}
