import type { Infer } from '@vpnext/varlink'
import type { AuditLog } from '../audit/audit-log.ts'
import type { InstalledBundle } from '../bundles/installed-bundle.ts'
import type { Policy } from '../policy/policy.ts'
import type { ConsentDesk } from './consent-desk.ts'
import type { policyGrant } from '../protocol/types.ts'
import type { ConsentStore, Grant } from './consent-store.ts'

type PolicyGrant = Infer<typeof policyGrant>

export interface ConsentsParts {
  readonly policy: Policy
  readonly store: ConsentStore
  readonly desk: ConsentDesk
  readonly audit: AuditLog
  /** Hears of each answer to a question. */
  readonly onAnswer: (bundle: InstalledBundle, allowed: boolean) => void
  /** Hears of each decision that allows a bundle, asked for or not. */
  readonly onAllowed: (bundle: InstalledBundle) => void
}

/** What is decided about bundles: by the administrator's policy, by the user's answers. */
export class Consents {
  readonly #parts: ConsentsParts

  constructor(parts: ConsentsParts) {
    this.#parts = parts
  }

  /** Whether this code may run: it is `allowed`; the administrator has `forbidden` it; or the user is to be asked. */
  standing(bundle: InstalledBundle): 'allowed' | 'forbidden' | 'open' {
    const { consent } = this.#parts.policy.decide(bundle)
    if (consent !== undefined) return consent === 'allowed' ? 'allowed' : 'forbidden'
    const { ownerUid, bundleName, codeHash } = bundle
    return this.#parts.store.allows(ownerUid, bundleName, codeHash) ? 'allowed' : 'open'
  }

  /** What the administrator has decided about this code; undefined when nothing. */
  byPolicy(bundle: InstalledBundle): PolicyGrant | undefined {
    const { consent } = this.#parts.policy.decide(bundle)
    const { bundleName, ownerUid, codeHash } = bundle
    return consent === undefined ? undefined : { bundleName, ownerUid, codeHash, decision: consent }
  }

  /**
   * Puts a decision on record and answers the question about the bundle, if there is one.
   *
   * @throws node's error when it cannot be written; then nothing is decided
   */
  decide(bundle: InstalledBundle, allow: boolean, byUid: number): Grant {
    const { audit, store, desk, onAnswer, onAllowed } = this.#parts
    const { ownerUid, bundleName, codeHash } = bundle
    const decision = allow ? 'allowed' : 'denied'
    const grant: Grant = {
      bundleName,
      ownerUid,
      codeHash,
      decision,
      decidedAt: Date.now(),
      decidedByUid: byUid,
    }
    // Nothing is allowed that is not on record first.
    audit.append({ event: `consent-${decision}`, byUid, ownerUid, bundleName, codeHash })
    store.record(grant)
    if (desk.answer(ownerUid, bundleName, decision) !== undefined) onAnswer(bundle, allow)
    if (allow) onAllowed(bundle)
    return grant
  }
}
