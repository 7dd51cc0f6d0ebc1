import * as fs from 'node:fs'

import { asyncForm } from '../call-forms.ts'
import { isFunction } from '../parameters.ts'
import { option, pathArgument } from './arguments.ts'
import { asFileError } from './file-error.ts'
import { pathOfUri } from './file-uri.ts'

/**
 * `copy(srcUri, destUri, options?)`: a file, or a folder with all that is in it; files that are there are replaced. Paths are taken as well as
 * URIs. `options.progressListener` hears `{ processedSize, totalSize }` once, at the end.
 */
export const copy: (...args: unknown[]) => Promise<void> | undefined = asyncForm(
  ([from, to, options]) => ({ from: place(from, 'srcUri'), to: place(to, 'destUri'), options }),
  async ({ from, to, options }) => {
    try {
      await fs.promises.cp(from, to, { recursive: true, force: true })
      const listener = isFunction(options) ? undefined : option(options, 'progressListener')
      const { size } = await fs.promises.stat(to)
      if (isFunction(listener)) listener({ processedSize: size, totalSize: size })
    } catch (error) {
      throw asFileError(error)
    }
  },
)

function place(value: unknown, field: string): string {
  const text = pathArgument(value, field)
  return text.startsWith('file://') ? pathOfUri(text) : text
}
