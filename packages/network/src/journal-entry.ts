import { captureDns } from './steps/dns.ts'
import type { JournalEntry } from './journal.ts'
import type { PlanStep, TunnelPlan, Undo } from './plan/step.ts'
import { captureSysctl, inheritSysctl } from './steps/sysctl.ts'
import type { Place } from './undo-entry.ts'

/**
 * The whole undo of a plan, with what must be read from the system first: the resolver's configuration, and settings that the
 * facts do not tell.
 *
 * @param others entries of the other tunnels at `place`
 * @param place where the calling thread is
 */
export function journalEntryFor(
  plan: TunnelPlan,
  others: readonly JournalEntry[],
  place: Place,
): JournalEntry {
  return {
    version: 1,
    instance: plan.settings.instance,
    slot: plan.slot,
    interfaceName: plan.interfaceName,
    owner: plan.owner,
    ...place,
    createdAt: Date.now(),
    undo: plan.steps.flatMap((step) => undoOf(step, others)),
    ...(plan.lockdown === undefined ? {} : { lockdown: plan.lockdown }),
  }
}

function undoOf(step: PlanStep, others: readonly JournalEntry[]): Undo[] {
  if (step.undo === undefined) return []
  switch (step.undo.kind) {
    case 'sysctl':
      return [inheritSysctl(step.undo, others)]
    case 'sysctl-planned':
      return captureSysctl(step.undo, others)
    case 'dns-planned':
      return step.kind === 'dns' ? [captureDns(step.apply, others)] : []
    default:
      return [step.undo]
  }
}
