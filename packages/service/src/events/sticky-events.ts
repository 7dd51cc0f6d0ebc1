import { eventError } from './event-error.ts'
import type { Participant, Publication } from './event-rules.ts'

/** Sticky events one bundle of one user may keep. */
const maxPerBundle = 64

/** A sticky event and who published it. */
export interface StickyEvent {
  readonly publication: Publication
  readonly publisher: Participant
  /** Bytes of JSON. */
  readonly size: number
}

/** The last sticky event of each name, by user. They live as long as the service does. */
export class StickyEvents {
  readonly #byUser = new Map<number, Map<string, StickyEvent>>()

  /** @throws VarlinkError BusinessError 1500007 when the bundle keeps too many */
  keep(ownerUid: number, sticky: StickyEvent): void {
    const events = this.#byUser.get(ownerUid) ?? new Map<string, StickyEvent>()
    const { publication, publisher } = sticky
    const own = [...events.values()].filter((other) => other.publisher.bundleName === publisher.bundleName)
    if (own.length >= maxPerBundle && !events.has(publication.event)) {
      throw eventError(1500007, `the bundle has ${maxPerBundle} sticky events already`)
    }
    this.#byUser.set(ownerUid, events.set(publication.event, sticky))
  }

  /** In the order in which their names were first used. */
  of(ownerUid: number): StickyEvent[] {
    return [...(this.#byUser.get(ownerUid)?.values() ?? [])]
  }

  /** Of a bundle that is removed. */
  forget(ownerUid: number, bundleName: string): void {
    const events = this.#byUser.get(ownerUid)
    for (const [name, { publisher }] of events ?? []) {
      if (publisher.bundleName === bundleName) events?.delete(name)
    }
  }
}
