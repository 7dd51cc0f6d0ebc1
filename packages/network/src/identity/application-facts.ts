import {
  cgroup2Mount,
  isSystemError,
  listSockets,
  loadProgram,
  markSocketsProgram,
  networkNamespaceCookie,
  readPlainFile,
  type RtRule,
} from '@vpnext/native'
import { type Journal, type JournalEntry, readBootId } from '../journal.ts'
import type { NetworkSettings } from '../settings.ts'
import { type ApplicationList, identityValue } from './application-list.ts'
import { findApplications } from './cgroup-tree.ts'
import { resolversOf } from '../dns/resolvers.ts'

/** What a plan with application lists, or with DNS for some sockets only, depends on besides. Plain JSON. */
export interface ApplicationFacts {
  /** How applications can be told from each other here. */
  readonly identity: 'cgroup' | 'uid-range'
  /** Where cgroup2 is mounted; empty for `uid-range`. */
  readonly cgroupRoot: string
  /** Cookie of the network namespace, decimal. */
  readonly networkNamespace: string
  /** The lists of the tunnels that are up, the oldest first. */
  readonly lists: readonly PresentList[]
  /** Values in the marks of present sockets: of lists, or of lists that are gone. */
  readonly valuesInUse: readonly number[]
  /** Addresses that programs ask for names when no VPN is up. */
  readonly resolvers: readonly string[]
  /** Ids of applications that run now, see `CgroupApplication`. */
  readonly running: readonly string[]
  readonly knowledge: ApplicationKnowledge
}

/** What the service knows of applications. */
export interface ApplicationKnowledge {
  /** Bundles that are installed. */
  readonly installed?: readonly string[]
  /** Other names of bundles in scope names: `{'org.mozilla.firefox': ['firefox-esr', 'snap:firefox']}`. */
  readonly aliases?: Readonly<Record<string, readonly string[]>>
  /** Users that run nothing but one bundle. */
  readonly uids?: Readonly<Record<string, readonly number[]>>
}

/** A list with the rules of its tunnel. */
export interface PresentList {
  readonly list: ApplicationList
  readonly rules: readonly RtRule[]
}

/**
 * Reads the facts in the network namespace of the calling thread. Changes nothing.
 *
 * @throws SystemError when sock_diag does not answer
 */
export function readApplicationFacts(
  journal: Journal,
  settings: NetworkSettings,
  knowledge: ApplicationKnowledge = {},
): ApplicationFacts {
  const root = hasBpf() ? cgroup2Mount() : undefined
  const bootId = readBootId()
  const entries = journal.entries().filter((entry) => entry.bootId === bootId)
  return {
    identity: root === undefined ? 'uid-range' : 'cgroup',
    cgroupRoot: root ?? '',
    networkNamespace: String(networkNamespaceCookie()),
    lists: entries.flatMap(presentLists),
    valuesInUse: [...new Set(listSockets().map(({ mark }) => identityValue(settings, mark)))].filter(
      (value) => value !== 0,
    ),
    resolvers: resolversOf(originalResolvConf(entries, settings)),
    running:
      root === undefined
        ? []
        : findApplications(root, settings.instance).applications.map(({ application }) => application.id),
    knowledge,
  }
}

/** Whether programs can be loaded: not in a user namespace, and not in a kernel without them. */
function hasBpf(): boolean {
  try {
    loadProgram(markSocketsProgram('vpnext_probe', 0, 0)).close()
    return true
  } catch (error) {
    if (isSystemError(error, 'EPERM', 'EACCES', 'ENOSYS', 'EINVAL')) return false
    throw error
  }
}

function presentLists({ undo }: JournalEntry): PresentList[] {
  const rules = undo.flatMap((step) => (step.kind === 'rules' ? step.rules : []))
  return undo.flatMap((step) => (step.kind === 'identity' ? [{ list: step.list, rules }] : []))
}

/** What a device tunnel has replaced, else what is there. */
function originalResolvConf(entries: readonly JournalEntry[], settings: NetworkSettings): string {
  for (const step of entries.flatMap(({ undo }) => undo)) {
    if (step.kind !== 'dns' || step.path !== settings.resolvConf) continue
    if (step.original.kind === 'file') return Buffer.from(step.original.base64, 'base64').toString('latin1')
  }
  try {
    return readPlainFile(settings.resolvConf).toString('latin1')
  } catch {
    return ''
  }
}
