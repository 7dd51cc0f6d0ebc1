import { Rtnetlink } from '@vpnext/native'
import type { Journal, JournalEntry } from './journal.ts'
import type { TunnelRequest } from './plan/request.ts'
import type { PlanStep } from './plan/step.ts'
import { ensureClosing } from './steps/ensure.ts'
import { currentPlace, otherEntries, undoEntry } from './undo-entry.ts'

/** The part of a plan that needs no TUN: with it alone covered traffic goes nowhere. */
export type ClosingStep = Extract<PlanStep, { readonly kind: 'routes' | 'guard' | 'identity' | 'rules' }>

/** What an always-on tunnel leaves in the journal, so that it can be closed again by a service that knows nothing of it. */
export interface Lockdown {
  readonly request: TunnelRequest
  readonly steps: readonly ClosingStep[]
}

/** A tunnel that nobody carries: its traffic goes nowhere until it is replaced or destroyed. */
export interface ClosedTunnel {
  readonly slot: number
  readonly interfaceName: string
  readonly request: TunnelRequest
  readonly steps: readonly PlanStep[]
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  /** @throws AggregateError of what could not be undone */
  destroy(): Promise<void>
}

/** The closing part of a plan. */
export function closingSteps(steps: readonly PlanStep[]): ClosingStep[] {
  return steps.filter(
    (step): step is ClosingStep =>
      step.kind === 'routes' || step.kind === 'guard' || step.kind === 'identity' || step.kind === 'rules',
  )
}

/**
 * Closes the tunnel of an entry whose process has died, however far it had come; what is there already stays untouched, so
 * there is no moment in which it is open.
 *
 * @throws SystemError when the kernel refuses; the entry stays
 */
export function closeTunnel(entry: JournalEntry, lockdown: Lockdown, journal: Journal): ClosedTunnel {
  using netlink = Rtnetlink.open()
  const others = otherEntries(journal, entry.slot, currentPlace())
  ensureClosing(lockdown.steps, { netlink, others })
  return {
    slot: entry.slot,
    interfaceName: entry.interfaceName,
    request: lockdown.request,
    steps: lockdown.steps,
    createdAt: entry.createdAt,
    async destroy() {
      const { failures } = await undoEntry(entry, journal)
      if (failures.length > 0) {
        throw new AggregateError(failures, `${entry.interfaceName}: ${failures.map(String).join('; ')}`)
      }
    },
  }
}
