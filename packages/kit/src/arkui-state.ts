import { functionParameter, parameterError } from './parameters.ts'

type StoredClass = abstract new (...args: never[]) => object
type Creator = () => unknown

/** `AppStorageV2` and `PersistenceV2` of ArkUI: one object for each key, for the process; nothing is shown and nothing is kept beyond it. */
class ObjectStorage {
  readonly #objects = new Map<string, unknown>()

  /**
   * @param keyOrCreator the key, or what makes the object; without a key the name of its class is it
   * @returns the object of the key, made when there is none; undefined without what makes it
   * @throws BusinessError 401 for what is no class, and for a creator that is no function
   */
  connect(type: StoredClass, keyOrCreator?: unknown, creator?: unknown): unknown {
    const [key, create] =
      typeof keyOrCreator === 'string' ? [keyOrCreator, creator] : [nameOf(type), keyOrCreator ?? creator]
    if (this.#objects.has(key) || create === undefined) return this.#objects.get(key)
    const made = functionParameter(create, 'defaultCreator')()
    this.#objects.set(key, made)
    return made
  }

  /** Those who have the object keep it. */
  remove(keyOrType: unknown): void {
    this.#objects.delete(typeof keyOrType === 'string' ? keyOrType : nameOf(keyOrType))
  }

  keys(): string[] {
    return [...this.#objects.keys()]
  }

  /** `connect` of API 18, with a name for each argument. */
  globalConnect(options: { type: StoredClass; key?: string; defaultCreator?: Creator }): unknown {
    return this.connect(options.type, options.key ?? options.defaultCreator, options.defaultCreator)
  }

  save(): void {}
  notifyOnError(): void {}
}

function nameOf(type: unknown): string {
  if (typeof type !== 'function') throw parameterError('type', 'is not a class')
  return type.name
}

const itself = (value: unknown): unknown => value

/** What `@kit.ArkUI` has of state that code outside of pages shares, by its names; one for the process. */
const shared: Readonly<Record<string, object>> = {
  AppStorageV2: new ObjectStorage(),
  PersistenceV2: new ObjectStorage(),
  // Nobody observes an object here.
  UIUtils: {
    getTarget: itself,
    makeObserved: itself,
    makeV1Observed: itself,
    enableV2Compatibility: itself,
  },
}

const statePath = /^(?:@kit\.ArkUI|@ohos\.arkui\.StateManagement)\.(\w+)$/

/** @param path of a member of an absent module, e.g. `@kit.ArkUI.AppStorageV2` */
export function stateMember(path: string): object | undefined {
  const name = statePath.exec(path)?.[1]
  return name !== undefined && Object.hasOwn(shared, name) ? shared[name] : undefined
}
