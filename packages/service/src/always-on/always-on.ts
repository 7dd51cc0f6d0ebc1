import { businessError } from '@vpnext/api'
import type { Abilities } from '../abilities/abilities.ts'
import type { EndReason } from '../abilities/ability.ts'
import { type AbilityTarget, abilityKey } from '../abilities/ability-target.ts'
import { CarriedWant } from '../abilities/carried-want.ts'
import type { HostRun } from '../abilities/host-run.ts'
import { checkTestPeriod } from '../abilities/resolve-want.ts'
import type { AuditLog } from '../audit/audit-log.ts'
import type { BundleStore } from '../bundles/bundle-store.ts'
import { type InstalledBundle, firstVpnAbility } from '../bundles/installed-bundle.ts'
import type { Consents } from '../consent/consents.ts'
import { type AccountFiles, accountOf } from '../identity/account.ts'
import type { LogBook } from '../logs/log-book.ts'
import type { Policy } from '../policy/policy.ts'
import type { AlwaysOnStore } from './always-on-store.ts'
import { Backoff } from './backoff.ts'

export interface AlwaysOnParts {
  readonly accounts: AccountFiles
  /** First delay of a restart, in ms. */
  readonly restartDelayMs: number
  readonly policy: Policy
  readonly store: AlwaysOnStore
  readonly bundles: BundleStore
  readonly consents: Consents
  readonly abilities: Abilities
  readonly logs: LogBook
  readonly audit: AuditLog
  /** Closes what the policy closes while a bundle has no tunnel, and opens what it does not close any more. Never throws. */
  readonly settleAhead: (target: AbilityTarget) => Promise<void> | undefined
}

/** Extensions that run from the start of the service on, and again after they have ended by themselves. */
export class AlwaysOn {
  readonly #parts: AlwaysOnParts
  readonly #backoff: Backoff

  constructor(parts: AlwaysOnParts) {
    this.#parts = parts
    this.#backoff = new Backoff(parts.restartDelayMs)
  }

  /** The administrator's word first, then what a system application has set. */
  isOn(bundle: InstalledBundle): boolean {
    const decided = this.#parts.policy.decide(bundle).alwaysOn
    return decided ?? this.#parts.store.has(bundle.ownerUid, bundle.bundleName)
  }

  /** Whether the tunnels of a bundle stay closed when its host or the service ends unasked. */
  locks(bundle: InstalledBundle): boolean {
    const { lockdown } = this.#parts.policy.decide(bundle)
    return lockdown === undefined ? this.isOn(bundle) : lockdown !== false
  }

  /** Whether everything of its scope is closed while it has no tunnel. */
  closesAhead(bundle: InstalledBundle): boolean {
    return this.#backoff.isOpen && this.#parts.policy.decide(bundle).lockdown === 'always'
  }

  /**
   * Closes what the policy closes until there are tunnels.
   *
   * @param isWide whether a bundle is for the whole device: these come first, as what they close is the others' too
   */
  async closeAhead(isWide: (target: AbilityTarget) => boolean): Promise<void> {
    const targets = this.#parts.bundles
      .list()
      .filter((bundle) => this.closesAhead(bundle))
      .flatMap((bundle) => this.#targetOf(bundle) ?? [])
      .toSorted((one, other) => Number(isWide(other)) - Number(isWide(one)))
    for (const target of targets) await this.#parts.settleAhead(target)
  }

  /** Whether the administrator has it run, or its tunnels stay closed: not its user's to end then, whatever the way. */
  isForced(bundle: InstalledBundle): boolean {
    const { alwaysOn, lockdown } = this.#parts.policy.decide(bundle)
    return alwaysOn === true || lockdown === true || lockdown === 'always'
  }

  /**
   * Sets it for a bundle, which is then started unless it runs already.
   *
   * @param byUid whose application asks; the bundle is that user's
   * @throws BusinessError 2200001 for a bundle that is not installed or has no VPN extension, 201 against the policy
   */
  set(byUid: number, bundleName: string, enable: boolean): void {
    const { bundles, policy, store, audit } = this.#parts
    const bundle = bundles.find(byUid, bundleName)
    if (bundle === undefined || firstVpnAbility(bundle) === undefined) {
      throw businessError(2200001, {
        field: 'bundleName',
        reason: 'is not an installed bundle with a VPN extension',
      })
    }
    const decided = policy.decide(bundle).alwaysOn
    if (decided !== undefined && decided !== enable)
      throw businessError(201, { reason: `the administrator has set always-on to ${decided}` })
    const { codeHash } = bundle
    const event = enable ? 'always-on-set' : 'always-on-cleared'
    audit.append({ event, byUid, ownerUid: byUid, bundleName, codeHash })
    store.set(byUid, bundleName, enable)
    this.ensure(bundle)
  }

  /** Forgets what was set for a bundle that is removed. */
  forget(ownerUid: number, bundleName: string): void {
    this.#parts.store.set(ownerUid, bundleName, false)
  }

  /** Starts every bundle that should run. */
  begin(): void {
    for (const bundle of this.#parts.bundles.list()) this.ensure(bundle)
  }

  /** Starts a bundle that should run, does not, and has consent; closed it is without that too. Returns at once. */
  ensure(bundle: InstalledBundle): void {
    const target = this.#targetOf(bundle)
    if (target === undefined) return
    void this.#parts.settleAhead(target)
    if (!this.isOn(bundle)) return
    const isLive = this.#parts.abilities
      .live()
      .some(({ run }) => abilityKey(run.target) === abilityKey(target))
    if (!isLive) void this.#start(target)
  }

  /** Whose tunnel stays closed; undefined for a bundle that is not locked, or not there any more. */
  lockedTarget({
    uid,
    bundleName,
  }: {
    readonly uid: number
    readonly bundleName: string
  }): AbilityTarget | undefined {
    const bundle = this.#parts.bundles.find(uid, bundleName)
    return bundle === undefined || !this.locks(bundle) ? undefined : this.#targetOf(bundle)
  }

  /** Whether the tunnels of a run that is over stay closed for the next one. */
  keeps(run: HostRun, reason: EndReason): boolean {
    const current = this.#successorOf(run, reason)
    return current !== undefined && this.locks(current)
  }

  /** Whether a run that is over is to be followed by another. */
  restarts(run: HostRun, reason: EndReason): boolean {
    const current = this.#successorOf(run, reason)
    return current !== undefined && this.isOn(current)
  }

  /** A run that {@link restarts} is over: it is started again, the later the more often it ended soon. */
  again(run: HostRun): void {
    const { target } = run
    this.#backoff.schedule(abilityKey(target), Date.now() - run.startedAt, () => {
      const bundle = this.#current(target)
      if (bundle === undefined || bundle.codeHash !== target.bundle.codeHash || !this.isOn(bundle)) return
      const owner = accountOf(bundle.ownerUid, this.#parts.accounts)
      void this.#start({ ...target, bundle, owner })
    })
  }

  /** No restart any more, of these extensions or of any. */
  cancel(isOver: (key: string) => boolean): void {
    this.#backoff.cancel(isOver)
  }

  close(): void {
    this.#backoff.close()
  }

  /** The bundle of a run that has ended unasked, if its code is still that. */
  #successorOf(run: HostRun, reason: EndReason): InstalledBundle | undefined {
    if (reason.kind === 'stop' || !this.#backoff.isOpen) return undefined
    const current = this.#current(run.target)
    return current?.codeHash === run.target.bundle.codeHash ? current : undefined
  }

  #targetOf(bundle: InstalledBundle): AbilityTarget | undefined {
    const declared = firstVpnAbility(bundle)
    if (declared === undefined) return undefined
    return { ...declared, bundle, owner: accountOf(bundle.ownerUid, this.#parts.accounts) }
  }

  #current({ bundle }: AbilityTarget): InstalledBundle | undefined {
    return this.#parts.bundles.find(bundle.ownerUid, bundle.bundleName)
  }

  /** Never throws. A start that fails below has a run of its own, whose end comes back through {@link again}. */
  async #start(target: AbilityTarget): Promise<void> {
    const { bundle, ability, module } = target
    const { bundleName, ownerUid } = bundle
    try {
      checkTestPeriod(bundle, Date.now())
      if (this.#parts.consents.standing(bundle) !== 'allowed')
        throw businessError(201, { reason: 'nobody has consented yet' })
      const want = { bundleName, moduleName: module.name, abilityName: ability.name }
      await this.#parts.abilities.start(CarriedWant.plain(want), target)
    } catch (error) {
      const data: unknown = error instanceof Error && 'data' in error ? error.data : undefined
      const reason = typeof data === 'object' && data !== null && 'reason' in data ? String(data.reason) : ''
      const text = `${ability.name}: always-on, but it does not start: ${reason || String(error)}`
      this.#parts.logs.note('warn', { bundleName, ownerUid, pid: 0 }, text)
    }
  }
}
