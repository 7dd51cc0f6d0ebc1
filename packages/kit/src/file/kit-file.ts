import { tryLockFile, unlockFile } from '@vpnext/native'
import { basename, dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { isCallback, settle } from '../async-forms.ts'
import { withBorrowed } from './borrowed-fd.ts'
import { asFileError, fileError } from './file-error.ts'

/** How often `lock` asks again, in ms. */
const lockInterval = 10

/** `fileIo.File`: an open file. It is closed with `fileIo.close`. */
export class KitFile {
  readonly fd: number
  readonly path: string
  readonly name: string

  constructor(fd: number, path: string) {
    this.fd = fd
    this.path = path
    this.name = basename(path)
  }

  getParent(): string {
    return dirname(this.path)
  }

  /** `lock(exclusive?, callback?)`: waits until nobody else holds a lock on the file. Shared unless `exclusive`. */
  lock(...args: unknown[]): Promise<void> | undefined {
    const last = args.at(-1)
    return settle(this.#whenLocked(args[0] === true), isCallback<void>(last) ? last : undefined)
  }

  /** `tryLock(exclusive?)`. @throws BusinessError 13900010 while somebody else holds the lock */
  tryLock(exclusive?: unknown): void {
    if (!this.#lockNow(exclusive === true)) throw fileError('EAGAIN')
  }

  unlock(): void {
    this.#orFileError(() => withBorrowed(this.fd, unlockFile))
  }

  async #whenLocked(exclusive: boolean): Promise<void> {
    while (!this.#lockNow(exclusive)) await wait(lockInterval)
  }

  #lockNow(exclusive: boolean): boolean {
    const kind = exclusive ? 'exclusive' : 'shared'
    return this.#orFileError(() => withBorrowed(this.fd, (fd) => tryLockFile(fd, kind)))
  }

  #orFileError<T>(action: () => T): T {
    try {
      return action()
    } catch (error) {
      throw asFileError(error)
    }
  }
}
