import { isAbsolute } from 'node:path'
import type { FaultInjector, NetworkSettings } from '@vpnext/network'
import type { LogEntry } from './logs/log-entry.ts'

/** What {@link createService} takes. Every path is absolute. */
export interface ServiceOptions {
  /** Folder of the socket `io.vpnext`; made 0755 when missing. Two services never share one. */
  readonly runDir: string
  /** Folder of what outlives the service: bundles, data, consent, journal, audit; made 0700 when missing. */
  readonly stateDir: string
  /** 1 to 16 of a–z, 0–9 and `-`, starting with a letter or digit; default `default`. Part of every kernel name. */
  readonly instance?: string
  /** The resolver configuration a device tunnel rewrites; default `/etc/resolv.conf`. */
  readonly resolvConf?: string
  /** Folder with stage1.mjs and stage2.cjs of a host. */
  readonly hostImage: string
  /** The node binary hosts run on; default this one. */
  readonly nodePath?: string
  /** How long a question for consent waits, in ms, 1 to 2^31-1; default 60,000. */
  readonly consentTimeoutMs?: number
  /** How long a life-cycle callback of an extension is waited for, in ms, 1 to 2^31-1; default 10,000. */
  readonly callbackTimeoutMs?: number
  /** Groups whose members are administrators, as root is; default sudo, wheel, admin. */
  readonly adminGroups?: readonly string[]
  /** Group whose members may own a VPN; default `vpnext`. While it does not exist, only administrators may. */
  readonly userGroup?: string
  /** Where group names are looked up; default `/etc/group`. */
  readonly groupFile?: string
  /** Where accounts are looked up, for extensions that nobody's call starts; default `/etc/passwd`. */
  readonly passwdFile?: string
  /** Folder of the administrator's files, which only the service's user may write to; default `/etc/vpnext/policy.d`. */
  readonly policyDir?: string
  /** First delay before an always-on extension that ended is started again, in ms; it doubles up to 128 times; default 500. */
  readonly restartDelayMs?: number
  /** Overrides of the kernel layout; see `@vpnext/network`. */
  readonly network?: Partial<NetworkSettings>
  /** Gets every log entry, e.g. to print it; must not throw. */
  readonly log?: (entry: LogEntry) => void
  /** Makes chosen steps fail, for tests. The step `spawn` is the start of a host; the others are the network's. */
  readonly faults?: FaultInjector
}

/** {@link ServiceOptions} with every default filled in and every value checked. */
export interface Settings {
  readonly runDir: string
  readonly stateDir: string
  readonly instance: string
  readonly resolvConf: string
  readonly hostImage: string
  readonly nodePath: string
  readonly consentTimeoutMs: number
  readonly callbackTimeoutMs: number
  readonly adminGroups: readonly string[]
  readonly userGroup: string
  readonly groupFile: string
  readonly passwdFile: string
  readonly policyDir: string
  readonly restartDelayMs: number
  readonly network: Partial<NetworkSettings>
  readonly log: (entry: LogEntry) => void
  readonly faults: FaultInjector | undefined
}

/** nft tables, cgroups and BPF programs are named after the instance; 15 bytes of a BPF name are shared with a prefix. */
const instancePattern = /^[a-z0-9][a-z0-9-]{0,15}$/
const groupPattern = /^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/
/** Largest delay of a node timer, in ms. */
const maxTimerMs = 2 ** 31 - 1

/** @throws TypeError or RangeError that names the option */
export function readSettings(options: ServiceOptions): Settings {
  const instance = options.instance ?? 'default'
  if (!instancePattern.test(instance))
    throw new TypeError(`instance: ${JSON.stringify(instance)} is not 1 to 16 of a-z, 0-9, -`)
  return {
    runDir: absolute('runDir', options.runDir),
    stateDir: absolute('stateDir', options.stateDir),
    instance,
    resolvConf: absolute('resolvConf', options.resolvConf ?? '/etc/resolv.conf'),
    hostImage: absolute('hostImage', options.hostImage),
    nodePath: absolute('nodePath', options.nodePath ?? process.execPath),
    consentTimeoutMs: milliseconds('consentTimeoutMs', options.consentTimeoutMs ?? 60_000),
    callbackTimeoutMs: milliseconds('callbackTimeoutMs', options.callbackTimeoutMs ?? 10_000),
    adminGroups: (options.adminGroups ?? ['sudo', 'wheel', 'admin']).map((name) =>
      group('adminGroups', name),
    ),
    userGroup: group('userGroup', options.userGroup ?? 'vpnext'),
    groupFile: absolute('groupFile', options.groupFile ?? '/etc/group'),
    passwdFile: absolute('passwdFile', options.passwdFile ?? '/etc/passwd'),
    policyDir: absolute('policyDir', options.policyDir ?? '/etc/vpnext/policy.d'),
    restartDelayMs: milliseconds('restartDelayMs', options.restartDelayMs ?? 500),
    network: options.network ?? {},
    log: options.log ?? ((): void => undefined),
    faults: options.faults,
  }
}

function absolute(field: string, path: string): string {
  if (!isAbsolute(path) || path.includes('\0'))
    throw new TypeError(`${field}: ${JSON.stringify(path)} is not an absolute path`)
  return path
}

function milliseconds(field: string, value: number): number {
  if (!Number.isInteger(value) || value < 1 || value > maxTimerMs) {
    throw new RangeError(`${field}: ${value} is not a whole number of ms from 1 to ${maxTimerMs}`)
  }
  return value
}

function group(field: string, name: string): string {
  if (!groupPattern.test(name)) throw new TypeError(`${field}: ${JSON.stringify(name)} is not a group name`)
  return name
}
