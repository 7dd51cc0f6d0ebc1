import { type FSWatcher, readFileSync, watch } from 'node:fs'
import { join } from 'node:path'
import { isErrno } from '@vpnext/native'

/** Notices when the last process of a control group has ended. The kernel tells it by inotify (cgroups(7), cgroup.events). */
export class IdleWatch implements Disposable {
  readonly #onIdle: () => void
  readonly #watches = new Map<string, FSWatcher>()

  constructor(onIdle: () => void) {
    this.#onIdle = onIdle
  }

  /** Watches a group until it is idle; again: no difference. */
  add(cgroup: string): void {
    if (this.#watches.has(cgroup)) return
    const path = join(cgroup, 'cgroup.events')
    const watcher = watch(path, { persistent: false }, () => this.#look(cgroup))
    // It was removed; there is nothing to wait for.
    watcher.on('error', () => this.#forget(cgroup))
    this.#watches.set(cgroup, watcher)
    // It may have been idle again before the watch began.
    this.#look(cgroup)
  }

  [Symbol.dispose](): void {
    for (const cgroup of this.#watches.keys()) this.#forget(cgroup)
  }

  #look(cgroup: string): void {
    if (!this.#watches.has(cgroup) || isPopulated(cgroup)) return
    this.#forget(cgroup)
    this.#onIdle()
  }

  #forget(cgroup: string): void {
    this.#watches.get(cgroup)?.close()
    this.#watches.delete(cgroup)
  }
}

function isPopulated(cgroup: string): boolean {
  try {
    return readFileSync(join(cgroup, 'cgroup.events'), 'utf8').includes('populated 1')
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENODEV')) return false
    throw error
  }
}
