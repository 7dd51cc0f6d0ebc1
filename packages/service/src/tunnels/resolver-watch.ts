import { realpathSync } from 'node:fs'
import { dirname } from 'node:path'
import { Inotify } from '@vpnext/native'
import type { LogBook } from '../logs/log-book.ts'
import { serviceSubject } from '../logs/log-entry.ts'
import type { Tunnels } from './tunnels.ts'

/** IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_DELETE, include/uapi/linux/inotify.h. */
const changes = 0x8 | 0x80 | 0x100 | 0x200
/** A file is written in several goes, in ms. */
const settleMs = 50

/** Notices when resolv.conf names other servers, so that tunnels that send DNS questions elsewhere go on doing so. */
export function watchResolvers(tunnels: Tunnels, resolvConf: string, logs: LogBook): Disposable {
  let timer: NodeJS.Timeout | undefined
  const tell = (error: unknown): void => {
    logs.note('warn', serviceSubject, `changes of ${resolvConf} are not followed: ${String(error)}`)
  }
  const schedule = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => void tunnels.followResolvers().catch(tell), settleMs).unref()
  }
  try {
    const watch = Inotify.open(schedule)
    for (const folder of foldersOf(resolvConf)) watch.add(folder, changes)
    return {
      [Symbol.dispose]() {
        clearTimeout(timer)
        watch[Symbol.dispose]()
      },
    }
  } catch (error) {
    tell(error)
    return { [Symbol.dispose]: () => undefined }
  }
}

/** Where it is, and where what it leads to is. */
function foldersOf(path: string): ReadonlySet<string> {
  try {
    return new Set([dirname(path), dirname(realpathSync(path))])
  } catch {
    return new Set([dirname(path)])
  }
}
