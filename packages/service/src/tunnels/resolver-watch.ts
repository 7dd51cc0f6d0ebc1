import { existsSync, readlinkSync, realpathSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
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

/** Who goes by these files. */
interface Followers {
  readonly tunnels: Pick<Tunnels, 'followResolvers'>
  readonly places: Pick<HostPlaces, 'followResolver'>
}

/**
 * Notices when resolv.conf names other servers, so that tunnels that send DNS questions elsewhere go on doing so, and hosts ask
 * those of the network that there is now. Whoever writes these files may start later than the service: folders that are not
 * there yet are waited for.
 *
 * @param folders where others write whom servers on this machine ask
 */
export function watchResolvers(
  { tunnels, places }: Followers,
  resolvConf: string,
  logs: LogBook,
  folders: readonly string[] = uplinkResolverFolders,
): Disposable {
  let timer: NodeJS.Timeout | undefined
  const tell = (error: unknown): void => {
    logs.note('warn', serviceSubject, `changes of ${resolvConf} are not followed: ${String(error)}`)
  }
  const look = (watch: Inotify): void => {
    for (const folder of [...foldersOf(resolvConf), ...folders]) watch.add(nearest(folder), changes)
  }
  const follow = async (): Promise<void> => {
    look(watch)
    places.followResolver()
    await tunnels.followResolvers()
  }
  const schedule = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => void follow().catch(tell), settleMs).unref()
  }
  let watch: Inotify
  try {
    watch = Inotify.open(schedule)
    look(watch)
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

/** Where it is, and where what it leads to is, or will be. */
function foldersOf(path: string): string[] {
  const own = dirname(path)
  try {
    return [own, dirname(existsSync(path) ? realpathSync(path) : resolve(own, readlinkSync(path)))]
  } catch {
    return [own]
  }
}

/** The folder, or the one in which the first that is missing on the way to it will appear. */
function nearest(folder: string): string {
  return existsSync(folder) ? folder : nearest(dirname(folder))
}
