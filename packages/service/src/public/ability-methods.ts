import { asPermitted } from './access.ts'
import type { Methods, PublicParts } from './public-parts.ts'

/** StartAbility and StopAbility, as the calling user and without a bundle of one's own. */
export function abilityMethods(parts: PublicParts): Methods<'StartAbility' | 'StopAbility'> {
  return {
    StartAbility: ({ want }, call) =>
      asPermitted('StartAbility', call, parts.rules, async () => {
        await parts.control.start(want, { kind: 'user', caller: callerOf(call.peer), signal: call.signal })
        return {}
      }),
    StopAbility: ({ want }, call) =>
      asPermitted('StopAbility', call, parts.rules, async () => {
        await parts.control.stop(want, { kind: 'user', caller: callerOf(call.peer), signal: call.signal })
        return {}
      }),
  }
}

/** Outlives the connection, so it holds none of the connection's descriptors. */
function callerOf({ uid, gid, groups }: { uid: number; gid: number; groups: readonly number[] }): {
  uid: number
  gid: number
  groups: readonly number[]
} {
  return { uid, gid, groups: [...groups] }
}
