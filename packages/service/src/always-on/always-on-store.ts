import * as z from 'zod'
import { type StateDocument, openDocument } from '../state/document.ts'

const schema = z.strictObject({
  version: z.literal(1),
  bundles: z.array(z.strictObject({ ownerUid: z.int().nonnegative(), bundleName: z.string() })),
})
type AlwaysOnBundles = z.infer<typeof schema>

/** The bundles that system applications have set always-on. */
export class AlwaysOnStore {
  readonly #document: StateDocument<AlwaysOnBundles>

  private constructor(document: StateDocument<AlwaysOnBundles>) {
    this.#document = document
  }

  /** @param path always-on.json in the state folder */
  static open(path: string): AlwaysOnStore {
    return new AlwaysOnStore(openDocument(path, schema, { version: 1, bundles: [] }))
  }

  has(ownerUid: number, bundleName: string): boolean {
    return this.#document.value.bundles.some((entry) => isOf(entry, ownerUid, bundleName))
  }

  /** On disk when this returns. What is cleared is so at once; where that cannot be written down, to call it again tries again. */
  set(ownerUid: number, bundleName: string, enabled: boolean): void {
    if (this.has(ownerUid, bundleName) === enabled) return this.#document.settle()
    const others = this.#document.value.bundles.filter((entry) => !isOf(entry, ownerUid, bundleName))
    if (enabled) this.#document.replace({ version: 1, bundles: [...others, { ownerUid, bundleName }] })
    else this.#document.withdraw({ version: 1, bundles: others })
  }
}

function isOf(
  entry: { ownerUid: number; bundleName: string },
  ownerUid: number,
  bundleName: string,
): boolean {
  return entry.ownerUid === ownerUid && entry.bundleName === bundleName
}
