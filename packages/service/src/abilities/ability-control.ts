import { type Want, businessError, checkWant } from '@vpnext/api'
import type { AuditLog } from '../audit/audit-log.ts'
import { permissionsOf } from '../bundles/installed-bundle.ts'
import type { ConsentDesk } from '../consent/consent-desk.ts'
import type { ConsentStore } from '../consent/consent-store.ts'
import type { Caller } from '../identity/standing.ts'
import type { Abilities } from './abilities.ts'
import { type AbilityTarget, abilityKey } from './ability-target.ts'
import type { HostRun } from './host-run.ts'
import { type BundleLookup, checkTestPeriod, resolveWant } from './resolve-want.ts'

/** Who asks for a start or stop: a program of the user, or the extension in a host. */
export type Asker =
  | { readonly kind: 'user'; readonly caller: Caller; readonly signal: AbortSignal }
  | { readonly kind: 'host'; readonly run: HostRun; readonly signal: AbortSignal }

/** startVpnExtensionAbility and stopVpnExtensionAbility: who may, what is meant, whether the user consents. */
export class AbilityControl {
  readonly #bundles: BundleLookup
  readonly #consents: ConsentStore
  readonly #desk: ConsentDesk
  readonly #audit: AuditLog
  readonly #abilities: Abilities

  constructor(parts: {
    readonly bundles: BundleLookup
    readonly consents: ConsentStore
    readonly desk: ConsentDesk
    readonly audit: AuditLog
    readonly abilities: Abilities
  }) {
    this.#bundles = parts.bundles
    this.#consents = parts.consents
    this.#desk = parts.desk
    this.#audit = parts.audit
    this.#abilities = parts.abilities
  }

  /**
   * Starts an extension, asking for consent first where none is on record.
   *
   * @param input a Want; its parameters go to the extension and nowhere else
   * @returns once the extension runs. A start of itself from inside an extension returns once it is accepted, because
   * the callback that waits for it would otherwise wait for itself
   * @throws BusinessError 401, 201, 16000001, 16000002, 16000006, 16000008, 16000050
   */
  async start(input: unknown, asker: Asker): Promise<void> {
    const { want, target } = this.#resolve(input, asker, 'startVpnExtensionAbility')
    checkTestPeriod(target.bundle, Date.now())
    await this.#consent(target, asker.signal)
    // While the user thought about it, the bundle may have gone or changed.
    const current = resolveWant(this.#bundles, callerOf(asker), want)
    if (current.bundle.codeHash !== target.bundle.codeHash) throw refused('the bundle was replaced')
    const started = this.#abilities.start(want, current)
    if (isOwn(asker, current)) started.catch(() => undefined)
    else await started
  }

  /**
   * Stops an extension; one that does not run is no error.
   *
   * @returns once it has ended; for the extension's own call once it is accepted
   * @throws BusinessError 401, 201, 16000001, 16000002, 16000006
   */
  async stop(input: unknown, asker: Asker): Promise<void> {
    const { target } = this.#resolve(input, asker, 'stopVpnExtensionAbility')
    const key = abilityKey(target)
    // An extension that stops itself has its answer before onDestroy is called.
    if (isOwn(asker, target)) setImmediate(() => void this.#abilities.stop(key))
    else await this.#abilities.stop(key)
  }

  #resolve(
    input: unknown,
    asker: Asker,
    call: 'startVpnExtensionAbility' | 'stopVpnExtensionAbility',
  ): { want: Want; target: AbilityTarget } {
    const want = checkWant(input, call)
    const isForeign = asker.kind === 'host' && want.bundleName !== asker.run.target.bundle.bundleName
    if (isForeign && want.bundleName !== undefined && want.bundleName !== '') {
      throw refused('an extension may start and stop its own bundle only', 'want.bundleName')
    }
    return { want, target: resolveWant(this.#bundles, callerOf(asker), want) }
  }

  /** @throws BusinessError 201 */
  async #consent(target: AbilityTarget, signal: AbortSignal): Promise<void> {
    const { ownerUid, bundleName, codeHash } = target.bundle
    if (this.#consents.allows(ownerUid, bundleName, codeHash)) return
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

function isOwn(asker: Asker, target: AbilityTarget): boolean {
  return asker.kind === 'host' && abilityKey(asker.run.target) === abilityKey(target)
}

function refused(reason: string, field?: string): Error {
  return businessError(201, { ...(field !== undefined && { field }), reason })
}
