import { randomBytes } from 'node:crypto'
import { readdir, rename, rm, rmdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { isErrno } from '@vpnext/native'

/**
 * Removes a folder that a stranger has filled; links go themselves, never what they lead to. Only once nobody else writes
 * there. What is not there is no error.
 */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true })
  } catch (error) {
    // Folders can be nested deeper than a path is long, so that nothing with a path reaches the last.
    if (!isErrno(error, 'ENAMETOOLONG')) throw error
    await removeFlattened(path)
  }
}

/** Moves every folder up to the top before it is emptied. */
async function removeFlattened(top: string): Promise<void> {
  const folders: string[] = []
  const empty = async (folder: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) {
        const raised = join(top, `.${randomBytes(8).toString('hex')}`)
        await rename(path, raised)
        folders.push(raised)
      } else await unlink(path)
    }
  }
  await empty(top)
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    await empty(folder)
    await rmdir(folder)
  }
  await rmdir(top)
}
