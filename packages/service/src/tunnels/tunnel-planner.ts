import { type CheckedVpnConfig, checkVpnConfig } from '@vpnext/api'
import {
  type BesideTunnel,
  type FactsReader,
  type GuardEndpoint,
  type Journal,
  type KernelLines,
  type NetworkSettings,
  PlanMemory,
  type Scope,
  type TunnelPlan,
  besideOf,
  chooseSlot,
  isSmallConfig,
  planClosed,
  rehearseTunnel,
} from '@vpnext/network'
import { type AbilityTarget, bundleKey } from '../abilities/ability-target.ts'
import type { HostRun } from '../abilities/host-run.ts'
import type { InstalledBundle } from '../bundles/installed-bundle.ts'
import { type Caller, type GroupRules, standingOf } from '../identity/standing.ts'
import { asSystemError, planRequest, warningsOf } from './plan-request.ts'
import { checkClaim } from './tunnel-claim.ts'
import type { TunnelEntry } from './tunnel-entry.ts'

/** What tunnels are planned by, besides those that are there. */
export interface PlannerParts {
  readonly rules: GroupRules
  readonly network: NetworkSettings
  readonly facts: FactsReader
  readonly journal: Journal
  /** To the network that the service is in. */
  readonly lines: KernelLines
  /** Names of all installed bundles. */
  readonly installed: () => readonly string[]
  /** Bundles that the administrator lets out of a device tunnel. */
  readonly excludable: () => readonly string[]
  /** Where the administrator lets protected sockets of a bundle lead; empty: anywhere. */
  readonly endpointsOf: (bundle: InstalledBundle) => readonly GuardEndpoint[]
  /** Whether the tunnels of a bundle stay closed when the service is killed. */
  readonly isLocked: (bundle: InstalledBundle) => boolean
  /** Whether everything of a bundle's scope is closed while it has no tunnel. */
  readonly closesAhead: (bundle: InstalledBundle) => boolean
  /** What the administrator has decided about whose traffic a bundle's tunnels carry. */
  readonly scopeFor: (bundle: InstalledBundle) => Scope['kind'] | undefined
}

/** For what a tunnel is planned. */
export interface WantedTunnel {
  readonly config: CheckedVpnConfig
  readonly hostUid: number
  readonly owner: Caller
  /** Undefined: for no bundle in particular. */
  readonly bundle: InstalledBundle | undefined
  readonly lockdown?: boolean
  readonly spareHost?: boolean
  readonly beside?: readonly BesideTunnel[]
}

/** A config, and as what JSON it came. */
interface KnownConfig {
  readonly text: string
  readonly config: CheckedVpnConfig
}

/** Bundles whose last config is kept. */
const mostConfigs = 100
/** Of a config that is kept, in UTF-16 units. */
const longestText = 16_384

/** A config as most extensions have it, with documentation addresses, which nobody has. */
const usualConfig: unknown = {
  addresses: [
    { address: { address: '192.0.2.1', family: 1 }, prefixLength: 24 },
    { address: { address: '2001:db8::1', family: 2 }, prefixLength: 64 },
  ],
  dnsAddresses: ['192.0.2.53'],
  mtu: 1400,
}

/** Finds each tunnel its place beside the others. Changes nothing. */
export class TunnelPlanner {
  readonly #parts: PlannerParts
  readonly #entries: () => readonly TunnelEntry[]
  readonly #plans: PlanMemory
  /** What the last tunnels were made by, the latest last, by bundle. */
  readonly #configs = new Map<string, KnownConfig>()

  /** @param entries all tunnels of the service, those being made and those ending included */
  constructor(parts: PlannerParts, entries: () => readonly TunnelEntry[]) {
    this.#parts = parts
    this.#entries = entries
    this.#plans = new PlanMemory(parts.network)
  }

  /** Whose traffic a tunnel of this owner carries; the administrator's word about the bundle comes first. */
  scopeOf(owner: Caller, bundle: InstalledBundle | undefined): Scope {
    const standard = standingOf(owner, this.#parts.rules) === 'admin' ? 'device' : 'user'
    const kind = (bundle === undefined ? undefined : this.#parts.scopeFor(bundle)) ?? standard
    return kind === 'device' ? { kind } : { kind, uid: owner.uid }
  }

  /**
   * Checks the config of a host from the start, unless the bundle's last tunnel was made by the very same.
   *
   * @param input plain JSON
   * @throws BusinessError as `checkVpnConfig`
   */
  check(bundle: InstalledBundle, input: unknown): CheckedVpnConfig {
    const text = JSON.stringify(input) ?? ''
    const known = this.#configs.get(bundleKey(bundle))
    if (known?.text === text) return known.config
    const config = checkVpnConfig(input)
    this.#remember(bundle, { text, config })
    return config
  }

  /** What `create` would do for this config. @throws BusinessError 2200003 */
  plan(wanted: WantedTunnel): TunnelPlan {
    const { config, hostUid, owner, bundle, lockdown = false, spareHost = false, beside = [] } = wanted
    const entries = this.#entries()
    const { network, facts, journal, installed, excludable, endpointsOf } = this.#parts
    return planRequest(
      {
        config,
        scope: this.scopeOf(owner, bundle),
        hostUid,
        owner: { uid: owner.uid, bundleName: bundle?.bundleName ?? '' },
        endpoints: bundle === undefined ? [] : endpointsOf(bundle),
        lockdown,
        spareHost,
        beside,
      },
      {
        settings: network,
        plans: this.#plans,
        facts: () => facts.read(),
        journal,
        takenSlots: this.#takenSlots(),
        takenNames: entries.map((entry) => entry.interfaceName),
        installed: installed(),
        excludable: excludable(),
      },
    )
  }

  /**
   * The place of a host's tunnel, and how it is made there.
   *
   * @param formers what it replaces
   * @throws BusinessError 2203002, 2200003
   */
  placeFor(
    run: HostRun,
    config: CheckedVpnConfig,
    formers: readonly TunnelEntry[],
  ): { entry: TunnelEntry; plan: TunnelPlan } {
    const { owner, bundle } = run.target
    const scope = this.scopeOf(owner, bundle)
    const { vpnId } = config
    const lastAddress = config.addresses.at(-1)?.address
    const rivals = this.#entries().filter((entry) => !formers.includes(entry))
    checkClaim(rivals, { vpnId, scope, lastAddress })
    const plan = this.#planFor(run, config, rivals)
    const { slot, interfaceName } = plan
    const warnings = warningsOf(config, plan)
    const state = {
      kind: 'creating',
      abort: new AbortController(),
      settled: Promise.resolve(),
    } as const
    return {
      entry: { slot, interfaceName, vpnId, scope, lastAddress, run, config, warnings, state },
      plan,
    }
  }

  /**
   * How everything is closed for a bundle that has no tunnel.
   *
   * @throws BusinessError 2200003
   */
  planAhead({ owner, bundle }: AbilityTarget, hostUid: number): TunnelPlan {
    const { facts, network, endpointsOf } = this.#parts
    return asSystemError(() => {
      const known = facts.read()
      const slot = chooseSlot(known, network, this.#takenSlots())
      return planClosed(
        {
          slot,
          interfaceName: `vpn-closed${slot}`,
          scope: this.scopeOf(owner, bundle),
          hostUid,
          owner: { uid: owner.uid, bundleName: bundle.bundleName },
          endpoints: endpointsOf(bundle),
        },
        network,
        known,
      )
    })
  }

  /** Entries of other network namespaces keep their slots in the journal. */
  #takenSlots(): number[] {
    return [...this.#entries(), ...this.#parts.journal.entries()].map((entry) => entry.slot)
  }

  /**
   * Goes through what `create` will do for this host before it changes anything, while the host is still busy; as far as
   * the tunnel is that of last time, what came of it is kept.
   */
  rehearse(run: HostRun): void {
    try {
      const config = this.#configs.get(bundleKey(run.target.bundle))?.config ?? checkVpnConfig(usualConfig)
      const { journal, lines } = this.#parts
      rehearseTunnel(this.#planFor(run, config, this.#entries()), journal, lines)
    } catch {
      // Whoever creates a tunnel hears why it cannot be had.
    }
  }

  /** @param rivals the tunnels that it will be beside */
  #planFor(run: HostRun, config: CheckedVpnConfig, rivals: readonly TunnelEntry[]): TunnelPlan {
    const { hostUid, target } = run
    const { owner, bundle } = target
    return this.plan({
      config,
      hostUid,
      owner,
      bundle,
      lockdown: this.#parts.isLocked(bundle),
      spareHost: run.protection === 'by uid',
      beside: rivals.flatMap(({ state }) =>
        state.kind === 'up' || state.kind === 'kept' ? (besideOf(state.tunnel.plan) ?? []) : [],
      ),
    })
  }

  #remember(bundle: InstalledBundle, known: KnownConfig): void {
    const key = bundleKey(bundle)
    this.#configs.delete(key)
    // A large one would keep the service busy while nobody wants it yet.
    if (!isSmallConfig(known.config) || known.text.length > longestText) return
    this.#configs.set(key, known)
    const [oldest] = this.#configs.keys()
    if (this.#configs.size > mostConfigs && oldest !== undefined) this.#configs.delete(oldest)
  }
}
