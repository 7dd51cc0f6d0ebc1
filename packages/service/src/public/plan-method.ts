import { checkVpnConfig } from '@vpnext/api'
import { describePlan } from '@vpnext/network'
import { firstHostUid } from '../identity/host-uids.ts'
import { noSuchBundle } from '../protocol-errors.ts'
import { warningsOf } from '../tunnels/plan-request.ts'
import { asPermitted } from './access.ts'
import type { Methods, PublicParts } from './public-parts.ts'

/** PlanVpn. Checks the config as create() does, but neither the user nor whether a tunnel is in the way. */
export function planMethod(parts: PublicParts): Methods<'PlanVpn'> {
  const { bundles, places, rules, tunnels } = parts
  return {
    PlanVpn: ({ config, bundleName }, call) =>
      asPermitted('PlanVpn', call, rules, ({ uid }) => {
        const checked = checkVpnConfig(config)
        const bundle = bundleName === undefined ? undefined : bundles.find(uid, bundleName)
        if (bundleName !== undefined && bundle === undefined) throw noSuchBundle(bundleName)
        const plan = tunnels.planner.plan({
          config: checked,
          hostUid: bundle === undefined ? firstHostUid : places.identityOf(bundle).uid,
          owner: call.peer,
          bundle,
        })
        return { steps: describePlan(plan), warnings: warningsOf(checked, plan) }
      }),
  }
}
