import type { MarkCondition, RtRule } from '@vpnext/native'
import type { NetworkSettings } from '../settings.ts'
import type { GuardOverlay, GuardTunnel } from '../guard/model.ts'
import type { ApplicationList } from '../identity/application-list.ts'
import type { Lockdown } from '../closed-tunnel.ts'
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
  /** For an always-on tunnel: what closes it again after a crash. */
  readonly lockdown?: Lockdown
  /** What a user should know, e.g. that the kernel has no IPv6. */
  readonly warnings: readonly string[]
}

/** One kind of change; `undo` is absent where another step's undo removes the change too. */
export type PlanStep =
  | Step<'tun', TunData, LinkUndo>
  | Step<'sysctl', SysctlData, SysctlUndo | SysctlPlannedUndo>
  | Step<'interface', InterfaceData>
  | Step<'addresses', AddressesData>
  | Step<'link-up', object>
  | Step<'routes', RoutesData, RoutesUndo>
  | Step<'guard', GuardTunnel, GuardUndo>
  | Step<'dns', DnsData, DnsPlannedUndo>
  | Step<'dns-rewrite', DnsRewriteData, DnsRewriteUndo>
  | Step<'identity', IdentityData, IdentityUndo>
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
  /** Whether its packets have virtio-net headers. */
  readonly offload: boolean
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
  /** Longer prefixes of one tunnel in the table of another, see `overlayRoutes`. */
  readonly overlays?: readonly OverlayRoute[]
}

/** A route of one tunnel in the table of another that is asked before. Goes with the tunnel of `slot`. */
export interface OverlayRoute {
  readonly table: number
  readonly destination: string
  readonly slot: number
  /** Whose TUN it leads into; absent: nowhere. */
  readonly interfaceName?: string
}

export interface DnsData {
  /** Who is told: the file itself, or systemd-resolved about the interface. */
  readonly backend: DnsBackendName
  /** Of resolv.conf. */
  readonly path: string
  readonly resolvectl: string
  readonly interfaceName: string
  readonly instance: string
  readonly servers: readonly string[]
  readonly searchDomains: readonly string[]
}

export type DnsBackendName = 'resolv.conf' | 'resolved'

/** Programs at the root of cgroup2 that change where DNS questions of some sockets go. */
export interface DnsRewriteData {
  /** Where cgroup2 is mounted. */
  readonly root: string
  readonly instance: string
  readonly slot: number
  /** Of which sockets; a cookie of the network namespace as a decimal number. */
  readonly networkNamespace: string
  readonly uid?: number
  readonly marks: readonly MarkCondition[]
  /** Into the tunnel, or from the tunnel's servers back to the system's. */
  readonly role: 'dns' | 'return-dns'
  /** The tunnel's servers, for new redirects when the system asks others; of role `dns` only. */
  readonly servers?: readonly string[]
  readonly redirects: readonly DnsRedirect[]
}

/** Port 53 of one server becomes port 53 of another of the same family, or nothing. */
export interface DnsRedirect {
  readonly from: string
  /** Or `refuse`. */
  readonly to: string
}

/** The programs that mark the sockets of listed applications. */
export interface IdentityData {
  /** Where cgroup2 is mounted. */
  readonly root: string
  readonly instance: string
  readonly identityMask: number
  readonly list: ApplicationList
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
  /** Only of listed applications, or of all but these. */
  readonly members?: StaleMembers
}

export interface StaleMembers {
  readonly kind: 'included' | 'excluded'
  readonly marks: readonly number[]
  readonly uids: readonly number[]
  readonly identityMask: number
  /** Finds the sockets of included applications that are older than their marks. */
  readonly identity?: IdentityData
}

export interface RulesData {
  readonly rules: readonly RtRule[]
}

/** How one change is taken back. Idempotent; touches only what carries our name, table, preference or protocol. */
export type Undo =
  | LinkUndo
  | SysctlUndo
  | RoutesUndo
  | GuardUndo
  | DnsUndo
  | DnsRewriteUndo
  | IdentityUndo
  | SocketsUndo
  | RulesUndo

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

/** The plan does not know what it was; the journal does. */
export interface SysctlPlannedUndo {
  readonly kind: 'sysctl-planned'
  readonly name: string
  readonly ours: string
}

export interface RoutesUndo {
  readonly kind: 'routes'
  /** Of the tunnel; its routes in other tables are known by it. */
  readonly slot: number
  readonly table: number
  readonly protocol: number
}

export interface GuardUndo {
  readonly kind: 'guard'
  readonly table: string
  readonly slot: number
  readonly interfaceName: string
  /** What was added to other tunnels' sets. */
  readonly overlays?: readonly GuardOverlay[]
}

/** What the plan knows; the journal has it with what was there before. */
export interface DnsPlannedUndo {
  readonly kind: 'dns-planned'
}

/** How a resolver is told to forget the tunnel. */
export type DnsUndo = DnsFileUndo | DnsLinkUndo

/** What systemd-resolved was told about an interface. */
export interface DnsLinkUndo {
  readonly kind: 'dns-link'
  readonly interfaceName: string
  readonly resolvectl: string
  /** Something else is not ours and stays. */
  readonly servers: readonly string[]
  readonly searchDomains: readonly string[]
}

export interface DnsFileUndo {
  readonly kind: 'dns'
  readonly path: string
  readonly instance: string
  readonly servers: readonly string[]
  readonly searchDomains: readonly string[]
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

export interface DnsRewriteUndo {
  readonly kind: 'dns-rewrite'
  readonly root: string
  readonly instance: string
  readonly slot: number
}

export interface IdentityUndo extends IdentityData {
  readonly kind: 'identity'
}

export interface RulesUndo {
  readonly kind: 'rules'
  /** In the order in which they go. */
  readonly rules: readonly RtRule[]
  /** Preferences, both ends included, where rules for this tunnel may have been put later; absent: none. */
  readonly sweep?: { readonly first: number; readonly last: number; readonly protocol: number }
}
