import { closeSync, fstatSync, openSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { normalize, sep } from 'node:path'

import { parameterError } from '../parameters.ts'
import { resourceError } from './resource-error.ts'

/** What `getRawFd` tells: a descriptor, and where in it the file is. Bytes. */
export interface RawFileDescriptor {
  readonly fd: number
  readonly offset: number
  readonly length: number
}

/** The `rawfile` folder of a module. Paths are relative to it. */
export class RawFiles {
  readonly #folder: string
  readonly #open = new Map<string, number>()

  constructor(folder: string) {
    this.#folder = folder
  }

  /** @throws BusinessError 9001005 */
  content(path: unknown): Uint8Array {
    return this.#at(path, (place) => new Uint8Array(readFileSync(place)))
  }

  /** Names in a folder; `''` is the top one. @throws BusinessError 9001005 */
  list(path: unknown): string[] {
    return this.#at(path, (place) => readdirSync(place).toSorted())
  }

  isFolder(path: unknown): boolean {
    return this.#at(path, (place) => statSync(place).isDirectory())
  }

  /** The same descriptor again until it is closed. @throws BusinessError 9001005 */
  descriptor(path: unknown): RawFileDescriptor {
    return this.#at(path, (place) => {
      const fd = this.#open.get(place) ?? openSync(place, 'r')
      this.#open.set(place, fd)
      return { fd, offset: 0, length: fstatSync(fd).size }
    })
  }

  /** @throws BusinessError 9001005 for a file that is not open */
  close(path: unknown): void {
    this.#at(path, (place) => {
      const fd = this.#open.get(place)
      if (fd === undefined) throw resourceError(9001005, `${String(path)} is not open`)
      this.#open.delete(place)
      closeSync(fd)
    })
  }

  #at<T>(path: unknown, action: (place: string) => T): T {
    if (typeof path !== 'string') throw parameterError('path', 'is not a text')
    const place = normalize(`${this.#folder}${sep}${path}`)
    if (path.includes('\0') || (place !== this.#folder && !place.startsWith(`${this.#folder}${sep}`))) {
      throw resourceError(9001005, `${path} is not below rawfile`)
    }
    try {
      return action(place)
    } catch (error) {
      if (error instanceof Error && 'syscall' in error) throw resourceError(9001005, error.message)
      throw error
    }
  }
}
