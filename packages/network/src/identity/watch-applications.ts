import { type FSWatcher, watch } from 'node:fs'
import { join, relative } from 'node:path'
import { isErrno } from '@vpnext/native'
import { identityValue, memberOf } from './application-list.ts'
import { attachMember } from './cgroup-identity.ts'
import { applicationOfPath, type CgroupApplication } from './cgroup-path.ts'
import { ProgramLoader } from './cgroup-programs.ts'
import { cgroupId, cgroupsBelow, foldersOf } from './cgroup-tree.ts'
import type { IdentityPlace } from './enter-application.ts'
import { listsInForce } from './lists-in-force.ts'
import { closeSocketsOf } from './member-sockets.ts'

/** What a watch may tell. */
export interface WatchApplicationsOptions {
  /** A listed application has appeared and is recognised from now on. */
  readonly onApplication?: (path: string, application: CgroupApplication) => void
  /** A folder cannot be watched, or a program not be attached. The watch goes on. */
  readonly onError?: (error: unknown) => void
  readonly signal?: AbortSignal
}

/**
 * Gives the programs of the lists in force to control groups of applications as they appear, e.g. the scope that a desktop
 * makes when it starts one. Sockets that were made in the milliseconds before have no mark: they are closed.
 *
 * It does not keep the process alive.
 *
 * @returns ends the watch
 */
export function watchApplications(place: IdentityPlace, options: WatchApplicationsOptions = {}): Disposable {
  options.signal?.throwIfAborted()
  const watched = new ApplicationWatch(place, options)
  options.signal?.addEventListener('abort', () => watched[Symbol.dispose](), { once: true })
  return watched
}

class ApplicationWatch implements Disposable {
  readonly #place: IdentityPlace
  readonly #options: WatchApplicationsOptions
  readonly #watchers = new Map<string, FSWatcher>()
  readonly #applications = new Set<string>()

  constructor(place: IdentityPlace, options: WatchApplicationsOptions) {
    this.#place = place
    this.#options = options
    this.#visit(place.root, false)
  }

  [Symbol.dispose](): void {
    for (const watcher of this.#watchers.values()) watcher.close()
    this.#watchers.clear()
  }

  /** @param isNew whether it has appeared since the watch began; the others have their programs already */
  #visit(path: string, isNew: boolean): void {
    const { root, settings } = this.#place
    const application = applicationOfPath(relative(root, path), settings.instance)
    if (application !== undefined) {
      this.#applications.add(path)
      if (isNew) this.#recognise(path, application)
      return
    }
    // First the watch, then the look: nothing is missed in between.
    this.#watch(path)
    for (const child of foldersOf(path)) this.#visit(child, isNew)
  }

  #watch(path: string): void {
    try {
      const watcher = watch(path, { persistent: false }, () => this.#look(path))
      watcher.on('error', (error) => this.#options.onError?.(error))
      this.#watchers.set(path, watcher)
    } catch (error) {
      // It may be gone again; anything else, such as too few inotify watches, is worth telling.
      if (!isErrno(error, 'ENOENT')) this.#options.onError?.(error)
    }
  }

  #look(path: string): void {
    if (!this.#watchers.has(path)) return
    const children = new Set(foldersOf(path))
    for (const known of [...this.#watchers.keys(), ...this.#applications]) {
      const child = relative(path, known).split('/')[0] ?? ''
      if (known.startsWith(`${path}/`) && !children.has(join(path, child))) this.#forget(known)
    }
    for (const child of children) {
      if (!this.#watchers.has(child) && !this.#applications.has(child)) this.#visit(child, true)
    }
  }

  #forget(path: string): void {
    this.#applications.delete(path)
    this.#watchers.get(path)?.close()
    this.#watchers.delete(path)
  }

  #recognise(path: string, application: CgroupApplication): void {
    const { settings, journal } = this.#place
    const lists = listsInForce(journal)
    const members = lists.map((list) => memberOf(list, application)).filter((member) => member !== undefined)
    if (members.length === 0) return
    try {
      using loader = new ProgramLoader()
      for (const list of lists) attachMember(path, list, memberOf(list, application), settings, loader)
      this.#closeUnmarked(path)
      this.#options.onApplication?.(path, application)
    } catch (error) {
      this.#options.onError?.(error)
    }
  }

  #closeUnmarked(path: string): void {
    const { identityMask } = this.#place.settings
    const ids = [...cgroupsBelow(path)].map(cgroupId).filter((id) => id !== undefined)
    closeSocketsOf(
      { marks: new Set(), identityMask, uids: new Set(), cgroups: new Set(ids) },
      ({ mark }) => identityValue(this.#place.settings, mark) === 0,
    )
  }
}
