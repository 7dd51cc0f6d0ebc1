import { realpathSync } from 'node:fs'

/** A path without symbolic links; undefined when there is nothing, or nothing that may be looked at. */
export function realPathOf(path: string): string | undefined {
  try {
    return realpathSync.native(path)
  } catch {
    return undefined
  }
}
