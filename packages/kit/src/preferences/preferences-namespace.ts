import { join } from 'node:path'

import { Context } from '../ability/context.ts'
import { bothForms, callForms } from '../call-forms.ts'
import type { FileWatches } from '../file/file-watcher.ts'
import { parameterError, textParameter } from '../parameters.ts'
import { provide } from '../provided.ts'
import { type PreferencesHandle, maxKeyLength, preferencesHandle } from './preferences.ts'
import { asPreferencesError, preferencesError } from './preferences-error.ts'
import { PreferencesFile } from './preferences-file.ts'
import { PreferencesStore } from './preferences-store.ts'
import { maxValueLength } from './stored-value.ts'

/** `preferences.StorageType`: only XML's place is taken, by files of our own format. */
const storageType = { XML: 0, GSKV: 1 } as const
/** Longest file name, without what is added for locks and temporary files. */
const maxName = 220

/**
 * `preferences` of `@kit.ArkData`. A process has one object per file; the processes of a bundle may share a file: each sees
 * what another has flushed at its next read, and no flush is lost.
 *
 * @param watches tell when another process has flushed
 */
export function preferencesNamespace(watches: FileWatches): object {
  const handles = new Map<string, PreferencesHandle>()
  const forget = (path: string): void => {
    handles.get(path)?.[Symbol.dispose]()
    handles.delete(path)
  }
  return provide('preferences', {
    ...bothForms({
      getPreferences: callForms(
        {
          read: pathParameter,
          now: (path) => {
            const handle = handles.get(path) ?? preferencesHandle(new PreferencesStore(path), watches)
            handles.set(path, handle)
            return handle.object
          },
        },
        asPreferencesError,
      ),
      deletePreferences: callForms({
        read: pathParameter,
        now: (path) => {
          const file = handles.get(path)?.store ?? new PreferencesFile(path)
          try {
            file.remove()
          } catch (error) {
            throw preferencesError(15500010, `${path} cannot be removed`, error)
          }
          forget(path)
        },
      }),
      removePreferencesFromCache: callForms({ read: pathParameter, now: forget }),
    }),
    isStorageTypeSupported: (type: unknown) => type === storageType.XML,
    MAX_KEY_LENGTH: maxKeyLength,
    MAX_VALUE_LENGTH: maxValueLength,
    StorageType: provide('preferences.StorageType', storageType),
  })
}

/** Reads `(context, name or options)`. @throws BusinessError 401, 15501002 */
function pathParameter([context, nameOrOptions]: readonly unknown[]): string {
  if (!(context instanceof Context)) throw parameterError('context', 'is not a context')
  const options = typeof nameOrOptions === 'object' && nameOrOptions !== null ? nameOrOptions : undefined
  const name = textParameter(
    options === undefined ? nameOrOptions : Reflect.get(options, 'name'),
    options === undefined ? 'name' : 'options.name',
  )
  if (
    name === '' ||
    name === '.' ||
    name === '..' ||
    /[/\0]/.test(name) ||
    Buffer.byteLength(name) > maxName
  ) {
    throw parameterError('name', `is not a file name of 1 to ${maxName} bytes`)
  }
  const group: unknown = options === undefined ? undefined : Reflect.get(options, 'dataGroupId')
  if (group !== undefined && group !== null && group !== '') {
    throw preferencesError(15501002, 'a bundle has no data groups here')
  }
  if (options !== undefined && Reflect.get(options, 'storageType') === storageType.GSKV) {
    throw parameterError('options.storageType', 'is not XML, the only one provided')
  }
  return join(context.preferencesDir, name)
}
