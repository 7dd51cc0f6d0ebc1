import { describeStatus, type Status } from '../status/describe-status.ts'
import { asPermitted } from './access.ts'
import type { Methods, PublicParts } from './public-parts.ts'

/** GetStatus and MonitorStatus. */
export function statusMethods(parts: PublicParts): Methods<'GetStatus' | 'MonitorStatus'> {
  const now = (visibleTo: number | undefined): Status =>
    describeStatus(
      parts.facts,
      parts.abilities.live(),
      parts.abilities.ended(),
      parts.tunnels.list(),
      parts,
      visibleTo,
    )
  return {
    GetStatus: (_none, call) =>
      asPermitted('GetStatus', call, parts.rules, ({ visibleTo }) => ({ status: now(visibleTo) })),
    MonitorStatus: (_none, call) =>
      asPermitted('MonitorStatus', call, parts.rules, async ({ visibleTo }) => {
        while (call.more && !call.signal.aborted) {
          const seen = parts.bell.count
          call.reply({ status: now(visibleTo) })
          // A slow reader gets fewer, not older ones.
          await call.drained()
          await parts.bell.after(seen, call.signal)
        }
        return { status: now(visibleTo) }
      }),
  }
}
