import { OccupiedError } from './errors.ts'
import { resolvConfBackend } from './dns/resolv-conf.ts'
import type { JournalEntry } from './journal.ts'
import type { PlanStep, TunnelPlan, Undo } from './plan/step.ts'
import { inheritSysctl } from './steps/sysctl.ts'
import { currentPlace } from './undo-entry.ts'

/**
 * The whole undo of a plan, with what must be read from the system first: the resolver's configuration.
 *
 * @param others entries of the other tunnels in this kernel and network namespace
 * @throws OccupiedError when another tunnel has the resolver's configuration already
 */
export function journalEntryFor(plan: TunnelPlan, others: readonly JournalEntry[]): JournalEntry {
  return {
    version: 1,
    instance: plan.settings.instance,
    slot: plan.slot,
    interfaceName: plan.interfaceName,
    owner: plan.owner,
    ...currentPlace(),
    createdAt: Date.now(),
    undo: plan.steps.flatMap((step) => undoOf(step, others)),
  }
}

function undoOf(step: PlanStep, others: readonly JournalEntry[]): Undo[] {
  if (step.undo === undefined) return []
  switch (step.undo.kind) {
    case 'sysctl':
      return [inheritSysctl(step.undo, others)]
    case 'dns-planned':
      return step.kind === 'dns' ? [captureDns(step.apply, others)] : []
    default:
      return [step.undo]
  }
}

function captureDns(dns: Extract<PlanStep, { kind: 'dns' }>['apply'], others: readonly JournalEntry[]): Undo {
  const owner = others.find(({ undo }) => undo.some((step) => step.kind === 'dns' && step.path === dns.path))
  if (owner !== undefined) throw new OccupiedError(dns.path, `the tunnel of ${owner.owner.bundleName}`)
  return resolvConfBackend.capture(dns)
}
