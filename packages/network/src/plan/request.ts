import type { CheckedVpnConfig } from '@vpnext/api'
import type { GuardEndpoint } from '../guard/model.ts'
import type { BesideTunnel } from './overlay-routes.ts'

/** Whose traffic a tunnel carries: of the whole machine, or of one user. */
export type Scope = { readonly kind: 'device' } | { readonly kind: 'user'; readonly uid: number }

/** What the service wants to have. */
export interface TunnelRequest {
  /** Table, rule preferences and names in the kernel follow from it; see `chooseSlot`. */
  readonly slot: number
  /** 1 to 15 of `A-Z a-z 0-9 _ -`. */
  readonly interfaceName: string
  readonly config: CheckedVpnConfig
  readonly scope: Scope
  /** Uid of the host process. The same as `owner.uid` means: shared with the user, so it proves nothing. */
  readonly hostUid: number
  readonly owner: { readonly uid: number; readonly bundleName: string }
  /** Where the host's protected sockets may lead, where the administrator has said so; absent or empty: anywhere. */
  readonly endpoints?: readonly GuardEndpoint[]
  /**
   * Bundles that administrator policy lets out of a device tunnel: others in `config.blockedApplications` stay inside, because
   * who can start a program under a name could else escape by it. The tunnel's own bundle needs no permission, as its host
   * may protect every socket. Without effect in a user's own tunnel.
   */
  readonly excludable?: readonly string[]
  /** Stays closed when the process that made it dies, until a later one has another in its place (always-on). */
  readonly lockdown?: boolean
  /** There is no tunnel yet, and everything is closed until there is one; see `planClosed`. */
  readonly ahead?: boolean
  /** Whether the host is outside with all its sockets, see `withSparedHost`. */
  readonly spareHost?: boolean
  /** The tunnels that are up, of which some may be for the same packets. */
  readonly beside?: readonly BesideTunnel[]
  /** Whether trusted applications may not tie sockets to an interface. The guard keeps them inside without it too. */
  readonly lockDevice?: boolean
}
