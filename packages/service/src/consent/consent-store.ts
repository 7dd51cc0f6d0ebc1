import type { Infer } from '@vpnext/varlink'
import * as z from 'zod'
import type { grant } from '../protocol/types.ts'
import { type StateDocument, openDocument } from '../state/document.ts'

/** A decision on one code of one bundle of one user. */
export type Grant = Infer<typeof grant>

const schema = z.strictObject({
  version: z.literal(1),
  grants: z.array(
    z.strictObject({
      bundleName: z.string(),
      ownerUid: z.int().nonnegative(),
      codeHash: z.string().regex(/^[0-9a-f]{64}$/),
      decision: z.enum(['allowed', 'denied']),
      decidedAt: z.int().nonnegative(),
      decidedByUid: z.int().nonnegative(),
    }),
  ),
})
type Grants = z.infer<typeof schema>

/** The decisions on record: the latest for each (user, bundle). A decision holds for the code it was made on only. */
export class ConsentStore {
  readonly #document: StateDocument<Grants>

  private constructor(document: StateDocument<Grants>) {
    this.#document = document
  }

  /** @param path consent.json in the state folder */
  static open(path: string): ConsentStore {
    return new ConsentStore(openDocument(path, schema, { version: 1, grants: [] }))
  }

  list(): Grant[] {
    return this.#document.value.grants.map((entry) => ({ ...entry }))
  }

  /** Whether the user has allowed exactly this code. */
  allows(ownerUid: number, bundleName: string, codeHash: string): boolean {
    const found = this.#document.value.grants.find((entry) => isOf(entry, ownerUid, bundleName))
    return found?.codeHash === codeHash && found.decision === 'allowed'
  }

  /** Puts a decision on record, in place of an earlier one on the same bundle; on disk when this returns. */
  record(decision: Grant): void {
    const others = this.#document.value.grants.filter(
      (entry) => !isOf(entry, decision.ownerUid, decision.bundleName),
    )
    this.#document.replace({ version: 1, grants: [...others, { ...decision }] })
  }

  /**
   * Forgets the decision on a bundle: at once, although it may not be possible to write that down.
   *
   * @returns what it was
   * @throws node's error when it is still on disk, for the next service to find; to call it again tries again
   */
  forget(ownerUid: number, bundleName: string): Grant | undefined {
    const { grants } = this.#document.value
    const found = grants.find((entry) => isOf(entry, ownerUid, bundleName))
    if (found === undefined) this.#document.settle()
    else this.#document.withdraw({ version: 1, grants: grants.filter((entry) => entry !== found) })
    return found
  }
}

function isOf(
  entry: { ownerUid: number; bundleName: string },
  ownerUid: number,
  bundleName: string,
): boolean {
  return entry.ownerUid === ownerUid && entry.bundleName === bundleName
}
