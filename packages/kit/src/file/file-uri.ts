import { dirname, basename } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

import { parameterError, textParameter } from '../parameters.ts'
import { provide } from '../provided.ts'
import { pathArgument } from './arguments.ts'

/**
 * `fileUri` of `@kit.CoreFileKit`: `file://<bundle>/<path>`, where the path is the one that the bundle's own processes see.
 *
 * @param bundleName of the own bundle; `''` in a thread without an ability
 */
export function fileUriNamespace(bundleName: string): object {
  const uriOf = (path: unknown): string => {
    const text = textParameter(path, 'path')
    if (!text.startsWith('/')) throw parameterError('path', 'is not absolute')
    return `file://${bundleName}${pathToFileURL(text).pathname}`
  }

  /** `fileUri.FileUri`. */
  class FileUri {
    readonly #uri: string
    readonly path: string

    constructor(uriOrPath: unknown) {
      const text = textParameter(uriOrPath, 'uriOrPath')
      this.#uri = text.startsWith('file://') ? text : uriOf(text)
      this.path = pathOfUri(this.#uri)
    }
    get name(): string {
      return basename(this.path)
    }
    toString(): string {
      return this.#uri
    }
    /** The URI of the folder; of a folder itself it is the same. */
    getFullDirectoryUri(): string {
      return uriOf(dirname(this.path))
    }
    /** Whether it is on another device: there is none. */
    isRemoteUri(): boolean {
      return false
    }
  }
  return provide('fileUri', { FileUri, getUriFromPath: uriOf })
}

/** The path in `file://<bundle>/<path>`. @throws BusinessError 401 */
function pathOfUri(uri: string): string {
  const found = /^file:\/\/[^/]*(\/.*)$/.exec(uri)?.[1]
  if (found === undefined) throw parameterError('uri', 'is not the URI of a file')
  try {
    return fileURLToPath(`file://${found}`)
  } catch {
    throw parameterError('uri', 'is not the URI of a file')
  }
}

/** A path, or the URI of a file of the own bundle, as a path. */
export function placeArgument(value: unknown, name = 'path'): string {
  const text = pathArgument(value, name)
  return text.startsWith('file://') ? pathOfUri(text) : text
}
