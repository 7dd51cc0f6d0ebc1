import { varlinkError } from '@vpnext/varlink'
import { NoControlGroups } from '../applications/applications.ts'
import { mayClaim } from '../permissions.ts'
import { publicInterface } from '../protocol/public-interface.ts'
import { notPermitted } from '../protocol-errors.ts'
import { asPermitted } from './access.ts'
import type { Methods, PublicParts } from './public-parts.ts'

/** JoinBundle and DescribeProgram. */
export function applicationMethods(parts: PublicParts): Methods<'JoinBundle' | 'DescribeProgram'> {
  const { applications, audit, policy, rules, tunnels } = parts
  /** By the tunnels of now, and by those that may come while the program still runs. */
  const isLeftOut = (bundleName: string): boolean =>
    policy.excludable().includes(bundleName) ||
    tunnels
      .list()
      .some(({ scope, config }) => scope.kind === 'device' && config.blockedApplications.includes(bundleName))
  return {
    JoinBundle: ({ bundleName }, call) =>
      asPermitted('JoinBundle', call, rules, ({ uid, standing }) => {
        const claim = isLeftOut(bundleName) ? 'left out of a device tunnel, or excludable' : 'any other'
        if (!mayClaim(standing, claim)) {
          throw notPermitted(`${bundleName} is ${claim}: only administrators may run programs under its name`)
        }
        try {
          applications.join(call.peer, bundleName)
        } catch (error) {
          if (!(error instanceof NoControlGroups)) throw error
          throw varlinkError(publicInterface, 'NoControlGroups', { reason: error.message }, { cause: error })
        }
        audit.note({ event: 'program-joined', ownerUid: uid, bundleName, pid: call.peer.pid })
        return {}
      }),
    DescribeProgram: ({ bundleName, uid: asked }, call) =>
      asPermitted('DescribeProgram', call, rules, ({ uid, sees }) => {
        const owner = asked ?? uid
        if (!sees(owner))
          throw notPermitted(`DescribeProgram: only administrators see programs of uid ${owner}`)
        const { mark, uids, dnsRedirects } = applications.describe(owner, bundleName)
        return { mark, uids: [...uids], dnsRedirects: dnsRedirects.map((redirect) => ({ ...redirect })) }
      }),
  }
}
