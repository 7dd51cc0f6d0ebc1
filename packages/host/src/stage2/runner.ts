import { abilityInterface } from '@vpnext/service/protocol'
import { type VarlinkError, varlinkError } from '@vpnext/varlink'

import type { ArrivedWant } from './arrived-want.ts'
import { longText, shortText } from './describe-error.ts'

/** What a runner needs of its process. */
export interface LoadParts {
  /** Loads the bundle's script and gives its exports. */
  readonly loadScript: () => unknown
  /** The export that is wanted of it. */
  readonly exportName: string
  /** Takes the text of an exception of the bundle's code. */
  readonly logError: (text: string) => void
}

/** What runs in this process, driven by the service. The Wants are the caller's, who disposes of them. */
export interface Runner {
  /** @throws VarlinkError LoadFailed, CallbackFailed */
  create(want: ArrivedWant, connecting: boolean): Promise<void>
  /** @throws VarlinkError CallbackFailed */
  request(want: ArrivedWant, startId: number): Promise<void>
  /** @returns what onConnect returned. @throws VarlinkError CallbackFailed */
  connect(want: ArrivedWant): Promise<unknown>
  /** @throws VarlinkError CallbackFailed */
  disconnect(want: ArrivedWant): Promise<void>
  /** Again: nothing. @throws VarlinkError CallbackFailed */
  destroy(): Promise<void>
}

/** The export that a runner is about. @throws VarlinkError LoadFailed when the script cannot be loaded */
export function loadExport({ loadScript, exportName, logError }: LoadParts): unknown {
  try {
    const module = loadScript()
    return typeof module === 'object' && module !== null ? Reflect.get(module, exportName) : undefined
  } catch (error) {
    logError(longText(error))
    throw loadFailed(shortText(error))
  }
}

/** Runs a callback of the bundle's code and waits for it. @throws VarlinkError CallbackFailed */
export async function runCallback<T>(
  { logError }: Pick<LoadParts, 'logError'>,
  callback: string,
  action: () => T | Promise<T>,
): Promise<T> {
  try {
    return await action()
  } catch (error) {
    logError(`${callback}: ${longText(error)}`)
    throw callbackFailed(callback, shortText(error))
  }
}

export function loadFailed(reason: string): VarlinkError {
  return varlinkError(abilityInterface, 'LoadFailed', { reason })
}

export function callbackFailed(callback: string, reason: string): VarlinkError {
  return varlinkError(abilityInterface, 'CallbackFailed', { callback, reason })
}
