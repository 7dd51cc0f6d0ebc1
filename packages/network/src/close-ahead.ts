import { Rtnetlink } from '@vpnext/native'
import { type ClosedTunnel, closedTunnelOf, closeStep } from './closed-tunnel.ts'
import type { Journal } from './journal.ts'
import { journalEntryFor } from './journal-entry.ts'
import type { TunnelPlan } from './plan/step.ts'
import type { FaultInjector } from './tunnel.ts'
import { currentPlace, otherEntries } from './undo-entry.ts'

/** What came of {@link closeAhead}. */
export interface ClosedAhead {
  readonly closed: ClosedTunnel
  /** What the kernel refused, `step: reason`; each of filter and routes keeps the traffic in without the other. */
  readonly failures: readonly string[]
}

/**
 * Closes what a plan of `planClosed` covers, in the network namespace of the calling thread. Synchronous. The journal is on
 * disk before the first step. A step that fails does not keep the others from being done, and none is taken back: as much as
 * can be is closed.
 *
 * @throws JournalError when it cannot be put on record; nothing has changed then
 */
export function closeAhead(
  plan: TunnelPlan,
  { journal, faults }: { readonly journal: Journal; readonly faults?: FaultInjector },
): ClosedAhead {
  const { lockdown } = plan
  if (lockdown === undefined)
    throw new TypeError('plan.lockdown: is missing, so the plan is not one to close by')
  const place = currentPlace()
  const others = otherEntries(journal, plan.slot, place)
  faults?.before('journal')
  const entry = journalEntryFor(plan, others, place)
  journal.record(entry)
  using netlink = Rtnetlink.open()
  const failures: string[] = []
  for (const step of lockdown.steps) {
    try {
      faults?.before(step.id)
      closeStep(step, { netlink, others })
    } catch (error) {
      failures.push(`${step.id}: ${String(error)}`)
    }
  }
  return { closed: closedTunnelOf(entry, lockdown, journal), failures }
}
