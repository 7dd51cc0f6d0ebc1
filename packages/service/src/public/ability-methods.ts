import { aborted, requireMore } from './aborted.ts'
import { asPermitted } from './access.ts'
import type { Methods, PublicParts } from './public-parts.ts'

type AbilityMethod = 'StartAbility' | 'StopAbility' | 'ConnectAbility' | 'StartPage' | 'StopBundle'

/** What starts and stops abilities, as the calling user and without a bundle of one's own. */
export function abilityMethods(parts: PublicParts): Methods<AbilityMethod> {
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
    StartPage: ({ want }, call) =>
      asPermitted('StartPage', call, parts.rules, async () => {
        await parts.control.startPage(want, {
          kind: 'user',
          caller: callerOf(call.peer),
          signal: call.signal,
        })
        return {}
      }),
    StopBundle: ({ bundleName }, call) =>
      asPermitted('StopBundle', call, parts.rules, async ({ uid }) => {
        await parts.control.stopBundle(
          bundleName,
          { kind: 'user', caller: callerOf(call.peer), signal: call.signal },
          uid,
        )
        return {}
      }),
    ConnectAbility: ({ want }, call) =>
      asPermitted('ConnectAbility', call, parts.rules, async () => {
        requireMore(call)
        const asker = { kind: 'user', caller: callerOf(call.peer), signal: call.signal } as const
        const use = await parts.control.connect(want, asker)
        if (!call.signal.aborted) call.reply({})
        await aborted(call.signal)
        await use.end()
        return undefined
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
