import type { Handlers } from '@vpnext/varlink'
import type { HostRun } from '../abilities/host-run.ts'
import type { AlwaysOn } from '../always-on/always-on.ts'
import type { BundleStore } from '../bundles/bundle-store.ts'
import type { Consents } from '../consent/consents.ts'
import type { Policy } from '../policy/policy.ts'
import { checkSystemApplication } from '../policy/system-application.ts'
import type { hostInterface } from '../protocol/host-interface.ts'
import { answeringHost } from '../protocol-errors.ts'

export interface SystemCallsParts {
  readonly policy: Policy
  readonly bundles: BundleStore
  readonly consents: Consents
  readonly alwaysOn: AlwaysOn
}

type SystemMethod = 'SetAlwaysOn' | 'IsAlwaysOn' | 'UpdateAuthorization'

/**
 * The system API. A system application acts for the user it belongs to, on that user's bundles, and for nobody else.
 */
export function systemMethods(
  run: HostRun,
  { policy, bundles, consents, alwaysOn }: SystemCallsParts,
): Pick<Handlers<typeof hostInterface>, SystemMethod> {
  const { bundle: caller } = run.target
  const { ownerUid } = caller
  return {
    SetAlwaysOn: ({ bundleName, enable }) =>
      answeringHost(() => {
        checkSystemApplication(policy, caller)
        alwaysOn.set(ownerUid, bundleName, enable)
        return {}
      }),
    IsAlwaysOn: ({ bundleName }) =>
      answeringHost(() => {
        checkSystemApplication(policy, caller)
        const bundle = bundles.find(ownerUid, bundleName)
        return { enabled: bundle !== undefined && alwaysOn.isOn(bundle) }
      }),
    UpdateAuthorization: ({ bundleName, allow }) =>
      answeringHost(() => {
        checkSystemApplication(policy, caller)
        const bundle = bundles.find(ownerUid, bundleName)
        // As on the device, an answer about what is not there is none.
        if (bundle !== undefined) consents.decide(bundle, allow, ownerUid)
        return {}
      }),
  }
}
