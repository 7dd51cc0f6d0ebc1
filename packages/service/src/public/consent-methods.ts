import { varlinkError } from '@vpnext/varlink'
import { publicInterface } from '../protocol/public-interface.ts'
import { noSuchBundle } from '../protocol-errors.ts'
import { aborted, requireMore } from './aborted.ts'
import { asPermitted, requireUnforced } from './access.ts'
import type { Methods, PublicParts } from './public-parts.ts'

type ConsentMethod = 'ListConsents' | 'MonitorConsents' | 'AnswerConsent' | 'RevokeConsent'

/** Questions for consent and their answers. A decision is always the caller's own. */
export function consentMethods(parts: PublicParts): Methods<ConsentMethod> {
  const { audit, bundles, consents, desk, rules } = parts
  return {
    ListConsents: (_none, call) =>
      asPermitted('ListConsents', call, rules, ({ sees }) => ({
        grants: consents.list().filter((grant) => sees(grant.ownerUid)),
        policy: bundles
          .list()
          .filter((bundle) => sees(bundle.ownerUid))
          .flatMap((bundle) => parts.decisions.byPolicy(bundle) ?? []),
        pending: desk.pending().filter((request) => sees(request.ownerUid)),
      })),
    MonitorConsents: (_none, call) =>
      asPermitted('MonitorConsents', call, rules, async ({ sees }) => {
        requireMore(call)
        const listening = desk.onQuestion((request) => {
          if (sees(request.ownerUid) && !call.signal.aborted) call.reply({ request })
        })
        try {
          for (const request of desk.pending()) if (sees(request.ownerUid)) call.reply({ request })
          await aborted(call.signal)
        } finally {
          listening[Symbol.dispose]()
        }
        return undefined
      }),
    AnswerConsent: ({ bundleName, allow, codeHash }, call) =>
      asPermitted('AnswerConsent', call, rules, ({ uid }) => {
        const bundle = bundles.find(uid, bundleName)
        if (bundle === undefined) throw noSuchBundle(bundleName)
        // The answer is about the code its user saw, which may have been replaced since.
        if (codeHash !== undefined && codeHash !== bundle.codeHash) {
          throw varlinkError(publicInterface, 'NoSuchRequest', { bundleName })
        }
        const grant = parts.decisions.decide(bundle, allow, uid)
        return { grant }
      }),
    RevokeConsent: ({ bundleName }, call) =>
      asPermitted('RevokeConsent', call, rules, async ({ uid, standing }) => {
        const bundle = bundles.find(uid, bundleName)
        requireUnforced(parts, bundle, { standing })
        try {
          const forgotten = consents.forget(uid, bundleName)
          if (forgotten === undefined && bundle === undefined) throw noSuchBundle(bundleName)
          if (forgotten !== undefined) {
            const { codeHash } = forgotten
            audit.note({ event: 'consent-revoked', byUid: uid, ownerUid: uid, bundleName, codeHash })
          }
        } finally {
          // Also when that cannot be written down: an extension that fills the disk must not go on because of it.
          desk.answer(uid, bundleName, 'withdrawn')
          await parts.abilities.stopBundle({ ownerUid: uid, bundleName })
        }
        return {}
      }),
  }
}
