import type { RtRule } from '@vpnext/native'
import type { NetworkSettings } from '../settings.ts'
import type { GuardTunnel } from '../guard/model.ts'
import type { Scope } from './request.ts'

/** A tunnel, thought through: everything that will be done, in order, with its undo. Plain JSON. */
export interface TunnelPlan {
  readonly slot: number
  readonly interfaceName: string
  readonly table: number
  readonly scope: Scope
  readonly owner: { readonly uid: number; readonly bundleName: string }
  readonly settings: NetworkSettings
  readonly steps: readonly PlanStep[]
  /** What a user should know, e.g. that the kernel has no IPv6. */
  readonly warnings: readonly string[]
}

/** One kind of change; `undo` is absent where another step's undo removes the change too. */
export type PlanStep =
  | Step<'tun', TunData, LinkUndo>
  | Step<'sysctl', SysctlData, SysctlUndo>
  | Step<'interface', InterfaceData>
  | Step<'addresses', AddressesData>
  | Step<'link-up', object>
  | Step<'routes', RoutesData, RoutesUndo>
  | Step<'guard', GuardTunnel, GuardUndo>
  | Step<'dns', DnsData, DnsPlannedUndo>
  | Step<'sockets', SocketsData, SocketsUndo>
  | Step<'rules', RulesData, RulesUndo>

/** A step before it has its line for people. */
export type UndescribedStep = PlanStep extends infer Each
  ? Each extends PlanStep
    ? Omit<Each, 'describe'>
    : never
  : never

interface Step<Kind extends string, Apply, Reverse = undefined> {
  /** Unique in its plan, e.g. `guard`; faults and errors name it. */
  readonly id: string
  readonly kind: Kind
  /** One line for people. */
  readonly describe: string
  readonly apply: Apply
  readonly undo?: Reverse
}

export interface TunData {
  readonly interfaceName: string
  /** Whether reads of the handed-over descriptor wait. */
  readonly blocking: boolean
}

export interface SysctlData {
  /** Below /proc/sys, with slashes: interface names may have dots. */
  readonly name: string
  readonly value: string
  /** A read-only /proc/sys, as in containers, is no failure. */
  readonly optional: boolean
}

export interface InterfaceData {
  /** Bytes. */
  readonly mtu: number
  /** No link-local address and no router solicitation. False where the kernel has no IPv6. */
  readonly addressGenerationNone: boolean
}

export interface AddressesData {
  readonly addresses: readonly {
    readonly family: 4 | 6
    readonly address: string
    readonly prefixLength: number
  }[]
}

/** Destinations (`net/len`) by what becomes of their packets. */
export interface RoutesData {
  readonly table: number
  readonly protocol: number
  /** Into the TUN; each gets an `unreachable` twin at the worst metric. */
  readonly tunnel: readonly string[]
  /** Back to the next rule. */
  readonly excluded: readonly string[]
  /** Unreachable: covered traffic of a family that the tunnel does not accept. */
  readonly refused: readonly string[]
}

export interface DnsData {
  readonly path: string
  readonly instance: string
  readonly servers: readonly string[]
  readonly searchDomains: readonly string[]
}

/** Which sockets are closed: when the tunnel comes, those with another source; when it goes, those with its source. */
export type SocketsData = StaleSockets | { readonly at: 'destroy' }

export interface StaleSockets {
  readonly at: 'create'
  /** Covered destinations, `net/len`, without those excluded. */
  readonly covered: readonly string[]
  /** The tunnel's own addresses. */
  readonly own: readonly string[]
  /** Only of this user. */
  readonly uid?: number
  readonly protectMark: number
  /** Protected sockets of other uids are closed too. */
  readonly hostUid?: number
}

export interface RulesData {
  readonly rules: readonly RtRule[]
}

/** How one change is taken back. Idempotent; touches only what carries our name, table, preference or protocol. */
export type Undo = LinkUndo | SysctlUndo | RoutesUndo | GuardUndo | DnsUndo | SocketsUndo | RulesUndo

export interface LinkUndo {
  readonly kind: 'link'
  readonly interfaceName: string
}

export interface SysctlUndo {
  readonly kind: 'sysctl'
  readonly name: string
  /** Restored only while this is still the value. */
  readonly ours: string
  readonly original: string
}

export interface RoutesUndo {
  readonly kind: 'routes'
  readonly table: number
  readonly protocol: number
}

export interface GuardUndo {
  readonly kind: 'guard'
  readonly table: string
  readonly slot: number
  readonly interfaceName: string
}

/** What the plan knows; the journal has it with the file's original. */
export interface DnsPlannedUndo {
  readonly kind: 'dns-planned'
  readonly path: string
}

export interface DnsUndo {
  readonly kind: 'dns'
  readonly path: string
  readonly instance: string
  /** The content we write; another content is not ours and stays. */
  readonly ours: string
  readonly original: OriginalFile
}

/** What was at the path before. */
export type OriginalFile =
  | {
      readonly kind: 'file'
      readonly base64: string
      readonly mode: number
      readonly uid: number
      readonly gid: number
    }
  | { readonly kind: 'symlink'; readonly target: string; readonly uid: number; readonly gid: number }
  | { readonly kind: 'absent' }

export interface SocketsUndo {
  readonly kind: 'sockets'
  readonly own: readonly string[]
}

export interface RulesUndo {
  readonly kind: 'rules'
  readonly rules: readonly RtRule[]
}
