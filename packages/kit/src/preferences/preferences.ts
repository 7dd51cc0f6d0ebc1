import { dirname } from 'node:path'

import { bothForms, callForms, noInput } from '../call-forms.ts'
import { Listeners } from '../listeners.ts'
import type { FileWatches } from '../file/file-watcher.ts'
import { functionParameter, listParameter, parameterError, textParameter } from '../parameters.ts'
import { provide } from '../provided.ts'
import { asPreferencesError } from './preferences-error.ts'
import type { ChangedKeys, PreferencesStore } from './preferences-store.ts'
import { restoreValue, storeValue } from './stored-value.ts'

/** `preferences.MAX_KEY_LENGTH`, in bytes. */
export const maxKeyLength = 1024
/** IN_MOVED_TO: how a new version of a file appears. */
const IN_MOVED_TO = 0x80

/** One `preferences.Preferences` and what it holds open. */
export interface PreferencesHandle extends Disposable {
  /** What the extension gets. */
  readonly object: object
  readonly store: PreferencesStore
}

/**
 * Makes a `preferences.Preferences`: `get`, `getAll`, `has`, `put`, `delete`, `clear` and `flush`, each with a promise, with
 * a callback, and `…Sync`; `on` and `off` of `change`, `dataChange` and `multiProcessChange`.
 *
 * @param watches tell when another process has flushed
 */
export function preferencesHandle(store: PreferencesStore, watches: FileWatches): PreferencesHandle {
  const listeners = new Listeners(['change', 'multiProcessChange'])
  const dataListeners = new Map<unknown, { keys: ReadonlySet<string>; tell: (values: object) => void }[]>()
  let watch: Disposable | undefined

  const tellChange = (keys: ChangedKeys): void => {
    for (const key of keys) listeners.emit('change', key)
    for (const { keys: wanted, tell } of [...dataListeners.values()].flat()) {
      const changed = keys.filter((key) => wanted.has(key))
      if (changed.length > 0) tell(Object.fromEntries(changed.map((key) => [key, valueOf(store, key)])))
    }
  }
  const watchOthers = (): void => {
    watch ??= watches.add(dirname(store.path), IN_MOVED_TO, ({ name }) => {
      if (!store.path.endsWith(`/${name}`)) return
      for (const key of store.reread()) listeners.emit('multiProcessChange', key)
    })
  }
  const unwatchOthers = (): void => {
    watch?.[Symbol.dispose]()
    watch = undefined
  }

  const object = provide('Preferences', {
    ...bothForms(dataCalls(store, tellChange)),
    on(...args: unknown[]) {
      const [type] = args
      if (type === 'dataChange') {
        const keys = new Set(listParameter(args[1], 'keys', keyParameter))
        const callback = functionParameter(args[2], 'callback')
        const added = dataListeners.get(callback) ?? []
        dataListeners.set(callback, [...added, { keys, tell: (values) => void callback(values) }])
        return
      }
      listeners.on(type, args[1])
      if (type === 'multiProcessChange') watchOthers()
    },
    off(...args: unknown[]) {
      const [type] = args
      if (type === 'dataChange') {
        if (args[2] === undefined) dataListeners.clear()
        else dataListeners.delete(functionParameter(args[2], 'callback'))
        return
      }
      listeners.off(type, args[1])
      if (type === 'multiProcessChange' && listeners.isEmpty(type)) unwatchOthers()
    },
  })
  return {
    object,
    store,
    [Symbol.dispose]() {
      unwatchOthers()
    },
  }
}

function dataCalls(
  store: PreferencesStore,
  tellChange: (keys: ChangedKeys) => void,
): Parameters<typeof bothForms>[0] {
  return {
    get: callForms(
      {
        read: (args) => {
          if (args.length < 2) throw parameterError('defValue', 'is missing')
          return { key: keyParameter(args[0], 'key'), absent: args[1] }
        },
        now: ({ key, absent }) => valueOf(store, key) ?? absent,
      },
      asPreferencesError,
    ),
    getAll: callForms(
      {
        read: noInput,
        now: () => Object.fromEntries([...store.all()].map(([key, value]) => [key, restoreValue(value)])),
      },
      asPreferencesError,
    ),
    has: callForms(
      { read: ([key]) => keyParameter(key, 'key'), now: (key) => store.get(key) !== undefined },
      asPreferencesError,
    ),
    put: callForms({
      read: ([key, value]) => ({ key: keyParameter(key, 'key'), value: storeValue(value, 'value') }),
      now: ({ key, value }) => store.set(key, value),
    }),
    delete: callForms({
      read: ([key]) => keyParameter(key, 'key'),
      now: (key) => store.set(key, undefined),
    }),
    clear: callForms({ read: noInput, now: () => store.clear() }),
    flush: callForms(
      {
        read: noInput,
        now: () => tellChange(store.flushNow()),
        later: async () => tellChange(await store.flush()),
      },
      asPreferencesError,
    ),
  }
}

function valueOf(store: PreferencesStore, key: string): unknown {
  const value = store.get(key)
  return value === undefined ? undefined : restoreValue(value)
}

function keyParameter(value: unknown, field: string): string {
  const key = textParameter(value, field)
  if (key !== '' && Buffer.byteLength(key) <= maxKeyLength) return key
  throw parameterError(field, `has not 1 to ${maxKeyLength} bytes`)
}
