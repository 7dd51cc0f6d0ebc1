import * as z from 'zod'
import { type StateDocument, openDocument } from '../state/document.ts'
import type { UidRange } from './uid-range.ts'

/** First uid of hosts, as HarmonyOS numbers its applications. */
export const firstHostUid = 20_010_000
/** How many uids hosts may have: 20010000 to 20075535. */
export const hostUidCount = 65_536

/** Whether a uid can only be a host's. */
export function isHostUid(uid: number): boolean {
  return uid >= firstHostUid && uid < firstHostUid + hostUidCount
}

const schema = z.strictObject({
  version: z.literal(1),
  /** Where the search for a free number starts; moves on, so that a number rests before it is used again. */
  next: z
    .int()
    .min(0)
    .max(hostUidCount - 1),
  uids: z.array(
    z.strictObject({
      ownerUid: z.int().nonnegative(),
      bundleName: z.string(),
      uid: z.int().refine(isHostUid),
    }),
  ),
})
type Uids = z.infer<typeof schema>

/** Which uid the host of a (user, bundle) runs under; the same one for as long as the bundle is installed. */
export class HostUids {
  readonly #document: StateDocument<Uids>
  readonly #range: UidRange

  private constructor(document: StateDocument<Uids>, range: UidRange) {
    this.#document = document
    this.#range = range
  }

  /**
   * @param path the state file
   * @param rangeFor chooses the range of this instance; it is told a uid that was given already
   */
  static open(path: string, rangeFor: (known: number | undefined) => UidRange): HostUids {
    const document = openDocument(path, schema, { version: 1, next: 0, uids: [] })
    return new HostUids(document, rangeFor(document.value.uids[0]?.uid))
  }

  /** The uid of a (user, bundle), allotted on first sight. @throws RangeError when all are taken */
  of(ownerUid: number, bundleName: string): number {
    const { next, uids } = this.#document.value
    const known = uids.find((entry) => entry.ownerUid === ownerUid && entry.bundleName === bundleName)
    if (known !== undefined) return known.uid
    const taken = new Set(uids.map((entry) => entry.uid))
    const { first, count } = this.#range
    for (let offset = 0; offset < count; offset += 1) {
      const index = (next + offset) % count
      const uid = first + index
      if (taken.has(uid)) continue
      this.#document.replace({
        version: 1,
        next: (index + 1) % count,
        uids: [...uids, { ownerUid, bundleName, uid }],
      })
      return uid
    }
    throw new RangeError(`all ${count} uids for hosts are in use`)
  }

  /** Gives a uid back. Only once no process and no file has it any more. */
  release(ownerUid: number, bundleName: string): void {
    const { next, uids } = this.#document.value
    const rest = uids.filter((entry) => entry.ownerUid !== ownerUid || entry.bundleName !== bundleName)
    if (rest.length !== uids.length) this.#document.replace({ version: 1, next, uids: rest })
  }
}
