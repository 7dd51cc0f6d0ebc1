import { LineBudget, type LineRate } from '../logs/line-budget.ts'
import type { AuditEvent } from './audit-log.ts'

type Omitted = Extract<AuditEvent, { readonly event: 'omitted' }>

/** About 2 MB in a day for each user: the next service reads the record whole before it begins. */
const rateOfUser: LineRate = { burst: 1000, perSecond: 0.1 }

/** What programs of a user do by themselves, as often as they like. What people decide and install is always written. */
const repeatable: ReadonlySet<AuditEvent['event']> = new Set([
  'extension-start',
  'extension-end',
  'profile-stored',
  'profile-removed',
  'program-joined',
  'tunnel-up',
  'tunnel-down',
  'lockdown-closed',
  'lockdown-opened',
] as const)

/** Keeps an extension that makes and destroys tunnels without end from filling the disk with the record of it. */
export class AuditBudget {
  readonly #now: () => number
  readonly #users = new Map<number, { readonly lines: LineBudget; omitted: number }>()

  /** @param now monotonic milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /**
   * Asks to write an event.
   *
   * @returns `too many`: it is counted, not written; else what to write before it, if anything
   */
  take(event: AuditEvent): Omitted | 'too many' | undefined {
    if (!repeatable.has(event.event) || !('ownerUid' in event)) return undefined
    const { ownerUid } = event
    const user = this.#users.get(ownerUid) ?? { lines: new LineBudget(rateOfUser, this.#now), omitted: 0 }
    this.#users.set(ownerUid, user)
    if (user.lines.take() === 'dropped') {
      user.omitted += 1
      return 'too many'
    }
    const count = user.omitted
    user.omitted = 0
    return count === 0 ? undefined : { event: 'omitted', ownerUid, count }
  }

  /** What is still to be told, once. */
  takeOmitted(): Omitted[] {
    return [...this.#users].flatMap(([ownerUid, user]) => {
      const count = user.omitted
      user.omitted = 0
      return count === 0 ? [] : [{ event: 'omitted' as const, ownerUid, count }]
    })
  }
}
