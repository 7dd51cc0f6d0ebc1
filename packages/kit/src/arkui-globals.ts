import { addSendableClass } from './arkts/sendable/sendable-classes.ts'
import { inertValues } from './arkui-values.ts'
import { functionParameter, textParameter } from './parameters.ts'

/** Decorators of data that pages show. Without pages they have nothing to do, and the classes they stand on work as they are. */
const decorators = ['Computed', 'Concurrent', 'Monitor', 'Observed', 'ObservedV2', 'Trace', 'Track'] as const

/** One value of a storage, as `link` and `prop` give it. */
class StoredProperty {
  readonly #values: Map<string, unknown>
  readonly #name: string

  constructor(values: Map<string, unknown>, name: string) {
    this.#values = values
    this.#name = name
  }
  info(): string {
    return this.#name
  }
  get(): unknown {
    return this.#values.get(this.#name)
  }
  set(value: unknown): void {
    this.#values.set(this.#name, value)
  }
  aboutToBeDeleted(): void {}
}

/** `LocalStorage` of ArkUI: named values, which live as long as the process. */
class LocalStorage {
  readonly #values: Map<string, unknown>

  constructor(values: object = {}) {
    this.#values = new Map(Object.entries(values))
  }
  has(name: unknown): boolean {
    return this.#values.has(textParameter(name, 'propName'))
  }
  get(name: unknown): unknown {
    return this.#values.get(textParameter(name, 'propName'))
  }
  /** Of a value that is there. @returns whether it is */
  set(name: unknown, value: unknown): boolean {
    if (!this.has(name)) return false
    this.#values.set(textParameter(name, 'propName'), value)
    return true
  }
  setOrCreate(name: unknown, value: unknown): boolean {
    this.#values.set(textParameter(name, 'propName'), value)
    return true
  }
  delete(name: unknown): boolean {
    return this.#values.delete(textParameter(name, 'propName'))
  }
  keys(): IterableIterator<string> {
    return [...this.#values.keys()][Symbol.iterator]()
  }
  size(): number {
    return this.#values.size
  }
  clear(): boolean {
    this.#values.clear()
    return true
  }
  /** Undefined for a name that is not there. */
  link(name: unknown): StoredProperty | undefined {
    return this.has(name) ? new StoredProperty(this.#values, textParameter(name, 'propName')) : undefined
  }
  setAndLink(name: unknown, value: unknown): StoredProperty | undefined {
    if (!this.has(name)) this.setOrCreate(name, value)
    return this.link(name)
  }
  /** A copy at that time: what is set on it stays with it. */
  prop(name: unknown): StoredProperty | undefined {
    const key = textParameter(name, 'propName')
    return this.has(key) ? new StoredProperty(new Map([[key, this.get(key)]]), key) : undefined
  }
  setAndProp(name: unknown, value: unknown): StoredProperty | undefined {
    if (!this.has(name)) this.setOrCreate(name, value)
    return this.prop(name)
  }
  ref(name: unknown): StoredProperty | undefined {
    return this.link(name)
  }
  setAndRef(name: unknown, value: unknown): StoredProperty | undefined {
    return this.setAndLink(name, value)
  }
}

/** Names that older code uses in capitals. */
const older = {
  Has: 'has',
  Get: 'get',
  Set: 'set',
  SetOrCreate: 'setOrCreate',
  Delete: 'delete',
  Keys: 'keys',
  Size: 'size',
  Clear: 'clear',
  Link: 'link',
  SetAndLink: 'setAndLink',
  Prop: 'prop',
  SetAndProp: 'setAndProp',
} as const satisfies Record<string, keyof LocalStorage>

/**
 * Globals of ArkUI that code outside of pages uses: decorators of classes, `wrapBuilder`, and the storages, which hold values but show them
 * nowhere and keep nothing beyond the process.
 */
export function arkuiGlobals(): Record<string, unknown> {
  const storage = new LocalStorage()
  const capitals = Object.entries(older).map(
    ([name, method]) => [name, storage[method].bind(storage)] as const,
  )
  const AppStorage = Object.assign(storage, Object.fromEntries(capitals))
  const persist = (name: unknown, value: unknown): boolean =>
    storage.has(name) || storage.setOrCreate(name, value)
  const PersistentStorage = {
    persistProp: persist,
    persistProps: (list: readonly { key: string; defaultValue: unknown }[]) => {
      for (const { key, defaultValue } of list) persist(key, defaultValue)
    },
    deleteProp: (name: unknown) => storage.delete(name),
    keys: () => [...storage.keys()],
  }
  return {
    ...inertValues(),
    ...Object.fromEntries(decorators.map((name) => [name, decorator])),
    Type: () => decorator,
    Sendable: (Class: unknown) => addSendableClass(functionParameter(Class, 'class')),
    AppStorage,
    LocalStorage,
    PersistentStorage,
    wrapBuilder: (builder: unknown) => ({ builder }),
  }
}

/** With arguments in brackets it is called with those first. */
function decorator(target: unknown, ...rest: unknown[]): unknown {
  return typeof target === 'function' && rest.length === 0 ? target : rest.length > 0 ? undefined : decorator
}
