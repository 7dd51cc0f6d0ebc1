import { errorText } from '@vpnext/native'
import { type FaultInjector, type Journal, closeAhead } from '@vpnext/network'
import { type AbilityTarget, bundleKey } from '../abilities/ability-target.ts'
import type { LogBook } from '../logs/log-book.ts'
import { closedEntry } from './closed-entry.ts'
import { type TunnelEntry, standingIn } from './tunnel-entry.ts'
import type { TunnelPlanner } from './tunnel-planner.ts'
import { scopeWords } from './why-closed.ts'

/** What {@link closeScope} works with. */
export interface CloseScopeParts {
  readonly planner: TunnelPlanner
  readonly journal: Journal
  readonly faults: FaultInjector | undefined
  readonly logs: LogBook
}

/**
 * Closes everything of a bundle's scope, unless a tunnel, or what is closed, has that traffic already. Never throws: what
 * could not be closed is told. Synchronous.
 *
 * @param hostUid of the bundle's next host; may throw
 * @returns what waits for the bundle's tunnel now; undefined when nothing was done
 */
export function closeScope(
  target: AbilityTarget,
  hostUid: () => number,
  entries: readonly TunnelEntry[],
  { planner, journal, faults, logs }: CloseScopeParts,
): TunnelEntry | undefined {
  const { bundle, owner, ability } = target
  const { bundleName, ownerUid } = bundle
  const tell = (level: 'warn' | 'error', text: string): void => {
    logs.note(level, { bundleName, ownerUid, pid: 0 }, `lockdown "always": ${text}`)
  }
  try {
    const standing = standingIn(entries, planner.scopeOf(owner, bundle))
    if (standing !== undefined) {
      const theirs = standing.run.target.bundle
      if (bundleKey(theirs) !== bundleKey(bundle))
        tell('warn', `not closed, because ${theirs.bundleName} of user ${theirs.ownerUid} has the place`)
      return undefined
    }
    const plan = planner.planAhead(target, hostUid())
    const { closed, failures } = closeAhead(plan, { journal, ...(faults !== undefined && { faults }) })
    const entry = closedEntry(closed, target, failures)
    for (const reason of failures) tell('error', `not closed whole: ${reason}`)
    tell('warn', `${scopeWords(entry.scope)} is closed until ${ability.name} has a tunnel`)
    return entry
  } catch (error) {
    tell('error', `it could not be closed, it is open: ${errorText(error)}`)
    return undefined
  }
}
