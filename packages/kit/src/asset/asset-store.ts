import { PreferencesFile, type Snapshot } from '../preferences/preferences-file.ts'
import type { StoredValue } from '../preferences/stored-value.ts'
import { assetError } from './asset-error.ts'
import { type Attributes, type TagName, type TagValue, nameOf, tag } from './asset-tags.ts'

/** The assets of a bundle, each by its alias, in the order in which they came. */
export type Assets = Map<string, Attributes>

/** What becomes of the assets, and what the caller gets; assets that are undefined stay as they were. */
export interface Change<Output> {
  readonly assets: Assets | undefined
  readonly output: Output
}

/**
 * The file with the assets of a bundle, which its user alone may read: nothing encrypts it, as nothing here could keep a key better than the file.
 * Its processes share it, and no change is lost.
 */
export class AssetStore {
  readonly #file: PreferencesFile

  constructor(path: string) {
    this.#file = new PreferencesFile(path)
  }

  read(): Assets {
    return read(this.#file.read())
  }

  /** @param change is asked again when another process was faster */
  async change<Output>(change: (assets: Assets) => Change<Output>): Promise<Output> {
    for (;;) {
      const before = this.#file.read()
      const { assets, output } = change(read(before))
      if (assets === undefined) return output
      if ((await this.#file.replace(stored(assets), before.version)) !== undefined) return output
    }
  }

  /** {@link change}, waiting. */
  changeNow<Output>(change: (assets: Assets) => Change<Output>): Output {
    for (;;) {
      const before = this.#file.read()
      const { assets, output } = change(read(before))
      if (assets === undefined) return output
      if (this.#file.replaceNow(stored(assets), before.version) !== undefined) return output
    }
  }
}

/** A key that no object takes for an index, so that the order stays. */
export function aliasKey(alias: TagValue | undefined): string {
  return `a${alias instanceof Uint8Array ? Buffer.from(alias).toString('hex') : ''}`
}

function stored(assets: Assets): Map<string, StoredValue> {
  return new Map([...assets].map(([key, attributes]) => [key, textOf(attributes)]))
}

function textOf(attributes: Attributes): string {
  return JSON.stringify(
    [...attributes].map(([name, value]) => [
      tag[name],
      value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
    ]),
  )
}

function read({ values }: Snapshot): Assets {
  return new Map([...values].map(([key, value]) => [key, attributesOf(value)]))
}

/** @throws BusinessError 24000007 */
function attributesOf(value: StoredValue): Attributes {
  const entries: unknown = typeof value === 'string' ? parsed(value) : undefined
  if (!Array.isArray(entries)) throw assetError(24000007, 'an asset is not a list of tags')
  const attributes = new Map<TagName, TagValue>()
  for (const entry of entries) {
    const [number, held]: unknown[] = Array.isArray(entry) ? entry : []
    const name = typeof number === 'number' ? nameOf(number) : undefined
    if (name === undefined) continue
    if (typeof held === 'string') attributes.set(name, Uint8Array.from(Buffer.from(held, 'base64')))
    else if (typeof held === 'number' || typeof held === 'boolean') attributes.set(name, held)
  }
  return attributes
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
