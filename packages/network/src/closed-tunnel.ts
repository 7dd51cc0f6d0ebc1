import { Rtnetlink } from '@vpnext/native'
import type { Journal, JournalEntry } from './journal.ts'
import type { TunnelRequest } from './plan/request.ts'
import type { PlanStep } from './plan/step.ts'
import type { UndoContext } from './steps/context.ts'
import { ensureClosing } from './steps/ensure.ts'
import { applySysctl } from './steps/sysctl.ts'
import { currentPlace, otherEntries, undoEntry } from './undo-entry.ts'

/** The part of a plan that needs no TUN: with it alone covered traffic goes nowhere. */
export type ClosingStep = Extract<
  PlanStep,
  { readonly kind: 'sysctl' | 'routes' | 'guard' | 'identity' | 'rules' }
>

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

/** The closing part of a plan. Settings of the whole machine belong to it, those of the TUN do not. */
export function closingSteps(steps: readonly PlanStep[]): ClosingStep[] {
  return steps.filter((step): step is ClosingStep => {
    switch (step.kind) {
      case 'sysctl':
        return step.undo !== undefined
      case 'routes':
      case 'guard':
      case 'identity':
      case 'rules':
        return true
      default:
        return false
    }
  })
}

/** Does one step of a closing; what is there already stays untouched. @throws SystemError when the kernel refuses */
export function closeStep(step: ClosingStep, context: UndoContext): void {
  if (step.kind === 'sysctl') applySysctl(step.apply)
  else ensureClosing([step], context)
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
  for (const step of lockdown.steps) closeStep(step, { netlink, others })
  return closedTunnelOf(entry, lockdown, journal)
}

/** The handle of what is closed by now. */
export function closedTunnelOf(entry: JournalEntry, lockdown: Lockdown, journal: Journal): ClosedTunnel {
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
