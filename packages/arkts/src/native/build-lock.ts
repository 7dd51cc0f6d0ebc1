import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { isErrno } from '@vpnext/native'

/** How often a build of another process is looked at, in ms. */
const pollMs = 100

/** While it is held, no other process builds in the folder. */
export type BuildLock = AsyncDisposable

/**
 * Waits until no other process builds in a folder. The lock of a process that has ended counts for nothing.
 *
 * @throws the signal's reason when it aborts
 */
export async function lockBuild(folder: string, signal?: AbortSignal): Promise<BuildLock> {
  const path = `${folder}.lock`
  await mkdir(dirname(path), { recursive: true })
  for (;;) {
    signal?.throwIfAborted()
    if (await take(path)) return { [Symbol.asyncDispose]: () => rm(path, { force: true }) }
    if (await isAbandoned(path)) await rm(path, { force: true })
    else await delay(pollMs, undefined, signal === undefined ? {} : { signal })
  }
}

async function take(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx')
    await file.writeFile(String(process.pid))
    await file.close()
    return true
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false
    throw error
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  const pid = Number(await readFile(path, 'utf8').catch(() => ''))
  // Empty: somebody is about to write it.
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return isErrno(error, 'ESRCH')
  }
}
