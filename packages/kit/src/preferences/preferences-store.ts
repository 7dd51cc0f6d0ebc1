import { type Snapshot, PreferencesFile } from './preferences-file.ts'
import { type StoredValue, isSameValue } from './stored-value.ts'

/** Changes that are not in the file yet: `undefined` is a deleted key. `cleared`: everything before is gone. */
interface Changes {
  cleared: boolean
  readonly values: Map<string, StoredValue | undefined>
}

/** Keys whose values a flush has changed. */
export type ChangedKeys = readonly string[]

/**
 * The values of one preferences object: what its file holds now, whoever wrote it, under the changes that this process has
 * not flushed. A flush puts the changes, and nothing else, into whatever the file holds by then.
 */
export class PreferencesStore {
  readonly #file: PreferencesFile
  #snapshot: Snapshot
  #pending: Changes = none()
  /** On their way to the file. */
  #flushing: Changes | undefined
  #lastFlush: Promise<unknown> = Promise.resolve()

  /** @throws BusinessError 15500000 */
  constructor(path: string) {
    this.#file = new PreferencesFile(path)
    this.#snapshot = this.#file.read()
  }

  get path(): string {
    return this.#file.path
  }

  get(key: string): StoredValue | undefined {
    for (const changes of [this.#pending, this.#flushing]) {
      if (changes?.values.has(key) === true) return changes.values.get(key)
      if (changes?.cleared === true) return undefined
    }
    return this.#current().values.get(key)
  }

  all(): Map<string, StoredValue> {
    const values =
      this.#flushing === undefined ? this.#current().values : apply(this.#current().values, this.#flushing)
    return apply(values, this.#pending)
  }

  set(key: string, value: StoredValue | undefined): void {
    this.#pending.values.set(key, value)
  }

  clear(): void {
    this.#pending = { cleared: true, values: new Map() }
  }

  /** One after another. @returns the keys whose values in the file have changed. @throws when the file cannot be written */
  flush(): Promise<ChangedKeys> {
    const flushed = this.#lastFlush.then(() => this.#flush())
    this.#lastFlush = flushed.catch(() => undefined)
    return flushed
  }

  /** {@link flush}, waiting. Changes that an unfinished flush carries are written too. */
  flushNow(): ChangedKeys {
    const changes = this.#flushing === undefined ? this.#pending : merge(this.#flushing, this.#pending)
    for (;;) {
      const before = this.#current()
      const after = apply(before.values, changes)
      const changed = difference(before.values, after)
      if (changed.length === 0) return this.#flushed(before, changed)
      const version = this.#file.replaceNow(after, before.version)
      if (version !== undefined) return this.#flushed({ values: after, version }, changed)
    }
  }

  /** What another process has changed since this was last called, or anything was last read. */
  reread(): ChangedKeys {
    const before = this.#snapshot.values
    return difference(before, this.#current().values)
  }

  /** Forgets everything and removes the file. */
  remove(): void {
    this.#pending = none()
    this.#flushing = undefined
    this.#file.remove()
  }

  async #flush(): Promise<ChangedKeys> {
    const changes = this.#pending
    this.#flushing = changes
    this.#pending = none()
    try {
      for (;;) {
        const before = this.#current()
        const after = apply(before.values, changes)
        const changed = difference(before.values, after)
        if (changed.length === 0) return changed
        const version = await this.#file.replace(after, before.version)
        if (version !== undefined) {
          if (this.#flushing === changes) this.#snapshot = { values: after, version }
          return changed
        }
        // A flushNow() meanwhile has written these changes, and perhaps later ones over them.
        if (this.#flushing !== changes) return []
      }
    } catch (error) {
      if (this.#flushing === changes) this.#pending = merge(changes, this.#pending)
      throw error
    } finally {
      if (this.#flushing === changes) this.#flushing = undefined
    }
  }

  #flushed(snapshot: Snapshot, changed: ChangedKeys): ChangedKeys {
    this.#snapshot = snapshot
    this.#pending = none()
    this.#flushing = undefined
    return changed
  }

  #current(): Snapshot {
    if (this.#file.version() !== this.#snapshot.version) this.#snapshot = this.#file.read()
    return this.#snapshot
  }
}

function none(): Changes {
  return { cleared: false, values: new Map() }
}

function apply(values: ReadonlyMap<string, StoredValue>, changes: Changes): Map<string, StoredValue> {
  const result = new Map(changes.cleared ? [] : values)
  for (const [key, value] of changes.values) {
    if (value === undefined) result.delete(key)
    else result.set(key, value)
  }
  return result
}

function merge(earlier: Changes, later: Changes): Changes {
  if (later.cleared) return later
  return { cleared: earlier.cleared, values: new Map([...earlier.values, ...later.values]) }
}

function difference(
  before: ReadonlyMap<string, StoredValue>,
  after: ReadonlyMap<string, StoredValue>,
): ChangedKeys {
  const keys = new Set([...before.keys(), ...after.keys()])
  return [...keys].filter((key) => !isSameValue(before.get(key), after.get(key)))
}
