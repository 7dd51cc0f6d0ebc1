import { type Dirent, readdirSync } from 'node:fs'

/** What a folder holds, in this thread, which is over before another one would have begun; nothing where it cannot be read. */
export function folderEntries(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true })
  } catch {
    return []
  }
}

/** The names of {@link folderEntries}. */
export function folderNames(path: string): string[] {
  return folderEntries(path).map(({ name }) => name)
}
