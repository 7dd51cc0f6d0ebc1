import { existsSync, realpathSync } from 'node:fs'
import { dirname } from 'node:path'
import { Inotify } from '@vpnext/native'
import { uplinkResolverFolders } from '@vpnext/network'
import type { HostPlaces } from '../hosts/host-places.ts'
import type { LogBook } from '../logs/log-book.ts'
import { serviceSubject } from '../logs/log-entry.ts'
import type { Tunnels } from './tunnels.ts'

/** IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_DELETE, include/uapi/linux/inotify.h. */
const changes = 0x8 | 0x80 | 0x100 | 0x200
/** A file is written in several goes, in ms. */
const settleMs = 50

/**
 * Notices when resolv.conf names other servers, so that tunnels that send DNS questions elsewhere go on doing so, and hosts ask
 * those of the network that there is now.
 */
export function watchResolvers(
  { tunnels, places }: { readonly tunnels: Tunnels; readonly places: HostPlaces },
  resolvConf: string,
  logs: LogBook,
): Disposable {
  let timer: NodeJS.Timeout | undefined
  const tell = (error: unknown): void => {
    logs.note('warn', serviceSubject, `changes of ${resolvConf} are not followed: ${String(error)}`)
  }
  const follow = async (): Promise<void> => {
    places.followResolver()
    await tunnels.followResolvers()
  }
  const schedule = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => void follow().catch(tell), settleMs).unref()
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

/** Where it is, where what it leads to is, and where servers on this machine write whom they ask. */
function foldersOf(path: string): ReadonlySet<string> {
  const others = uplinkResolverFolders.filter((folder) => existsSync(folder))
  try {
    return new Set([dirname(path), dirname(realpathSync(path)), ...others])
  } catch {
    return new Set([dirname(path), ...others])
  }
}
