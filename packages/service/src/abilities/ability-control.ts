import { type Want, businessError, checkWant } from '@vpnext/api'
import type { Fd } from '@vpnext/native'
import type { AuditLog } from '../audit/audit-log.ts'
import { type InstalledBundle, permissionsOf } from '../bundles/installed-bundle.ts'
import type { ConsentDesk } from '../consent/consent-desk.ts'
import type { Consents } from '../consent/consents.ts'
import type { AlwaysOn } from '../always-on/always-on.ts'
import { type Caller, type GroupRules, standingOf } from '../identity/standing.ts'
import type { Policy } from '../policy/policy.ts'
import { isSystemApplication } from '../policy/system-application.ts'
import type { Abilities } from './abilities.ts'
import { type AbilityTarget, abilityKey } from './ability-target.ts'
import { CarriedWant } from './carried-want.ts'
import type { HostRun } from './host-run.ts'
import { type BundleLookup, checkTestPeriod, resolvePage, resolveWant } from './resolve-want.ts'
import type { TestScripts } from '../test-runs/test-scripts.ts'
import type { AbilityUse } from './ability.ts'

/** Who asks for a start or stop: a program of the user, or the extension in a host. */
export type Asker =
  | { readonly kind: 'user'; readonly caller: Caller; readonly signal: AbortSignal }
  | { readonly kind: 'host'; readonly run: HostRun; readonly signal: AbortSignal }

/** startVpnExtensionAbility and stopVpnExtensionAbility: who may, what is meant, whether the user consents. */
export class AbilityControl {
  readonly #bundles: BundleLookup
  readonly #consents: Consents
  readonly #desk: ConsentDesk
  readonly #audit: AuditLog
  readonly #abilities: Abilities
  readonly #policy: Policy
  readonly #alwaysOn: AlwaysOn
  readonly #rules: GroupRules
  readonly #scripts: TestScripts

  constructor(parts: {
    readonly bundles: BundleLookup
    readonly consents: Consents
    readonly desk: ConsentDesk
    readonly audit: AuditLog
    readonly abilities: Abilities
    readonly policy: Policy
    readonly alwaysOn: AlwaysOn
    readonly rules: GroupRules
    /** How test runs want questions to be answered. */
    readonly scripts: TestScripts
  }) {
    this.#bundles = parts.bundles
    this.#consents = parts.consents
    this.#desk = parts.desk
    this.#audit = parts.audit
    this.#abilities = parts.abilities
    this.#policy = parts.policy
    this.#alwaysOn = parts.alwaysOn
    this.#rules = parts.rules
    this.#scripts = parts.scripts
  }

  /**
   * Starts an extension, asking for consent first where none is on record.
   *
   * @param input a Want; its parameters go to the extension and nowhere else
   * @param fds that the Want speaks of; given away, as below
   * @returns once the extension runs; for a bundle's own call once the start is under way, as on the device: what the
   * extension publishes in onCreate comes after the answer, and a page that begins to listen when it has that misses nothing
   * @throws BusinessError 401, 201, 16000001, 16000002, 16000006, 16000008, 16000050
   */
  async start(input: unknown, asker: Asker, fds: readonly Fd[] = []): Promise<void> {
    await this.#carry(input, asker, fds, async (carried) => {
      const { want, target } = await this.#admit(carried, asker)
      if (asker.kind === 'host') await this.#abilities.begin(want, target)
      else await this.#abilities.start(want, target)
    })
  }

  /**
   * Starts a page. Only pages of the own bundle, for a host; no consent is asked, as a page has no tunnel.
   *
   * @throws BusinessError 401, 201, 16000001, 16000002, 16000006, 16000008, 16000050
   */
  async startPage(input: unknown, asker: Asker, fds: readonly Fd[] = []): Promise<void> {
    await this.#carry(input, asker, fds, async (carried) => {
      checkOwnBundle(carried.want, asker, 'a host may start pages of its own bundle only')
      const target = resolvePage(this.#bundles, callerOf(asker), carried.want)
      checkTestPeriod(target.bundle, Date.now())
      const started = this.#abilities.start(carried, target)
      if (isOwn(asker, target)) started.catch(() => undefined)
      else await started
    })
  }

  /**
   * Begins to use an extension, with consent as for a start.
   *
   * @throws as {@link start}; 201 for another bundle than the own one of a host
   */
  async connect(input: unknown, asker: Asker, fds: readonly Fd[] = []): Promise<AbilityUse> {
    return await this.#carry(input, asker, fds, async (carried) => {
      checkOwnBundle(carried.want, asker, 'the extension is not exported')
      const { want, target } = await this.#admit(carried, asker)
      return await this.#abilities.connect(want, target)
    })
  }

  /**
   * Stops an extension; one that does not run is no error.
   *
   * @returns once it has ended; for a bundle's own call, as on the device, before onDestroy is called
   * @throws BusinessError 401, 201, 16000001, 16000002, 16000006
   */
  async stop(input: unknown, asker: Asker): Promise<void> {
    const target = this.#resolve(checkWant(input, 'stopVpnExtensionAbility'), asker)
    if (this.#isHeld(target.bundle) && !this.#isAdmin(asker))
      throw refused('it is set always-on: only an administrator stops it')
    const key = abilityKey(target)
    // What it publishes in onDestroy comes after the answer: pages begin to wait for it when they have that.
    if (asker.kind === 'host') setImmediate(() => void this.#abilities.stop(key))
    else await this.#abilities.stop(key)
  }

  /**
   * Stops every process of a bundle of the asker.
   *
   * @throws BusinessError 16000001; 201 for a bundle that is always-on or locked, unless the asker is an administrator
   */
  async stopBundle(bundleName: string, asker: Asker, ownerUid: number): Promise<void> {
    const bundle = this.#bundles.find(ownerUid, bundleName)
    if (bundle === undefined)
      throw businessError(16000001, { field: 'bundleName', reason: 'is not installed' })
    if (this.#isHeld(bundle) && !this.#isAdmin(asker))
      throw refused('it is set always-on: only an administrator stops it')
    await this.#abilities.stopBundle(bundle)
  }

  /**
   * Ends what runs of a bundle before its tests do, as a device does. One that is always-on or locked goes on: to end it is to open a tunnel or to
   * take it away, which a test is no reason for.
   */
  async clearForTests(bundle: InstalledBundle): Promise<void> {
    if (!this.#isHeld(bundle)) await this.#abilities.stopBundle(bundle)
  }

  #isHeld(bundle: InstalledBundle): boolean {
    return this.#alwaysOn.isOn(bundle) || this.#alwaysOn.locks(bundle)
  }

  #isAdmin(asker: Asker): boolean {
    return asker.kind === 'user' && standingOf(asker.caller, this.#rules) === 'admin'
  }

  /** Takes a Want over; what it holds is closed when it gets nowhere. */
  async #carry<T>(
    input: unknown,
    asker: Asker,
    fds: readonly Fd[],
    action: (carried: CarriedWant) => Promise<T>,
  ): Promise<T> {
    const sender = asker.kind === 'host' ? asker.run.wants : { descriptors: 0 }
    const carried = CarriedWant.of(input, fds, sender)
    try {
      return await action(carried)
    } catch (error) {
      carried[Symbol.dispose]()
      throw error
    }
  }

  /** What is to be started, once it may. */
  async #admit(carried: CarriedWant, asker: Asker): Promise<{ want: CarriedWant; target: AbilityTarget }> {
    const { want } = carried
    const target = this.#resolve(want, asker)
    if (carried.hasDescriptors && isForeign(want, asker))
      throw refused('descriptors are for abilities of the own bundle', 'want.parameters')
    checkTestPeriod(target.bundle, Date.now())
    await this.#consent(target, asker.signal)
    // While the user thought about it, the bundle may have gone or changed.
    const current = resolveWant(this.#bundles, callerOf(asker), want)
    if (current.bundle.codeHash !== target.bundle.codeHash) throw refused('the bundle was replaced')
    const passed = this.#scripts.passOn(current.bundle, want)
    if (passed === want) return { want: carried, target: current }
    carried[Symbol.dispose]()
    return { want: CarriedWant.plain(passed), target: current }
  }

  #resolve(want: Want, asker: Asker): AbilityTarget {
    const mayReachOthers = asker.kind === 'host' && isSystemApplication(this.#policy, asker.run.target.bundle)
    if (!mayReachOthers) checkOwnBundle(want, asker, 'an extension may start and stop its own bundle only')
    return resolveWant(this.#bundles, callerOf(asker), want)
  }

  /** @throws BusinessError 201 */
  async #consent(target: AbilityTarget, signal: AbortSignal): Promise<void> {
    const { ownerUid, bundleName, codeHash } = target.bundle
    const standing = this.#consents.standing(target.bundle)
    if (standing === 'forbidden') throw refused('the administrator forbids this bundle')
    const scripted = this.#scripts.answerFor(target.bundle)
    if (scripted === 'allow') return
    if (scripted === 'deny') throw refused('the user said no (a test’s setting)')
    if (scripted === 'timeout')
      throw refused('nobody answered the question for consent in time (a test’s setting)')
    if (standing === 'allowed') return
    const answer = await this.#desk.ask(
      {
        bundleName,
        label: target.bundle.manifest.app.label,
        abilityName: target.ability.name,
        ownerUid,
        codeHash,
        permissions: permissionsOf(target.bundle),
      },
      signal,
    )
    switch (answer) {
      case 'allowed':
        return
      case 'denied':
        throw refused('the user said no')
      case 'expired':
        this.#audit.append({ event: 'consent-expired', byUid: ownerUid, ownerUid, bundleName, codeHash })
        throw refused('nobody answered the question for consent in time')
      case 'withdrawn':
        throw refused('the question for consent was withdrawn')
    }
  }
}

function callerOf(asker: Asker): Caller {
  return asker.kind === 'user' ? asker.caller : asker.run.target.owner
}

/** @throws BusinessError 201 */
function checkOwnBundle(want: Want, asker: Asker, reason: string): void {
  if (isForeign(want, asker)) throw refused(reason, 'want.bundleName')
}

/** Whether a host means another bundle than its own. */
function isForeign({ bundleName = '' }: Want, asker: Asker): boolean {
  return asker.kind === 'host' && bundleName !== '' && bundleName !== asker.run.target.bundle.bundleName
}

function isOwn(asker: Asker, target: AbilityTarget): boolean {
  return asker.kind === 'host' && abilityKey(asker.run.target) === abilityKey(target)
}

function refused(reason: string, field?: string): Error {
  return businessError(201, { ...(field !== undefined && { field }), reason })
}
