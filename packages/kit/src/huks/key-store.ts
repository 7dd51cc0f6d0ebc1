import { PreferencesFile } from '../preferences/preferences-file.ts'
import type { StoredValue } from '../preferences/stored-value.ts'
import { huksError } from './huks-error.ts'
import { type StoredKey, keyText, readKeyText } from './stored-key.ts'

/** Where a key is: keys of one level of storage are not seen on another. */
export interface KeyPlace {
  readonly level: number
  readonly alias: string
}

/**
 * The file with the keys of a bundle, which its user alone may read: nothing encrypts it, as nothing here could keep a key better than the file.
 * Its processes share it, and no change is lost.
 */
export class KeyStore {
  readonly #file: PreferencesFile

  constructor(path: string) {
    this.#file = new PreferencesFile(path)
  }

  has(place: KeyPlace): boolean {
    return this.#file.read().values.has(placeText(place))
  }

  /** @throws BusinessError 12000011, 12000004 */
  read(place: KeyPlace): StoredKey {
    const text = this.#file.read().values.get(placeText(place))
    if (text === undefined) throw absent(place)
    const key = readKeyText(text)
    if (key === undefined) throw huksError(12000004, 'keyAlias', 'the key is damaged')
    return key
  }

  /** In the place of one that is there. */
  async write(place: KeyPlace, key: StoredKey): Promise<void> {
    await this.#change((values) => values.set(placeText(place), keyText(key)))
  }

  /** @throws BusinessError 12000011 */
  async remove(place: KeyPlace): Promise<void> {
    await this.#change((values) => {
      if (!values.delete(placeText(place))) throw absent(place)
    })
  }

  aliases(level: number): string[] {
    const prefix = placeText({ level, alias: '' })
    return [...this.#file.read().values.keys()]
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length))
  }

  /** @param change is asked again when another process was faster */
  async #change(change: (values: Map<string, StoredValue>) => void): Promise<void> {
    for (;;) {
      const before = this.#file.read()
      const values = new Map(before.values)
      change(values)
      if ((await this.#file.replace(values, before.version)) !== undefined) return
    }
  }
}

/** A key that no object takes for an index, so that the order stays. */
function placeText({ level, alias }: KeyPlace): string {
  return `level${level}/${alias}`
}

function absent({ alias }: KeyPlace): Error {
  return huksError(12000011, 'keyAlias', `no key is called ${JSON.stringify(alias)}`)
}
