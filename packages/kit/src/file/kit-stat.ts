import type { BigIntStats } from 'node:fs'

import { locationType } from './modes.ts'

/** `fileIo.Stat`: times in seconds (`…Ns`: nanoseconds as a bigint), size in bytes, `ino` as a bigint. */
export class KitStat {
  readonly #stats: BigIntStats

  constructor(stats: BigIntStats) {
    this.#stats = stats
  }

  get ino(): bigint {
    return this.#stats.ino
  }
  get mode(): number {
    return Number(this.#stats.mode)
  }
  get uid(): number {
    return Number(this.#stats.uid)
  }
  get gid(): number {
    return Number(this.#stats.gid)
  }
  get size(): number {
    return Number(this.#stats.size)
  }
  get atime(): number {
    return seconds(this.#stats.atimeNs)
  }
  get mtime(): number {
    return seconds(this.#stats.mtimeNs)
  }
  get ctime(): number {
    return seconds(this.#stats.ctimeNs)
  }
  get atimeNs(): bigint {
    return this.#stats.atimeNs
  }
  get mtimeNs(): bigint {
    return this.#stats.mtimeNs
  }
  get ctimeNs(): bigint {
    return this.#stats.ctimeNs
  }
  /** Nothing is in a cloud here. */
  get location(): number {
    return locationType.LOCAL
  }
  isBlockDevice(): boolean {
    return this.#stats.isBlockDevice()
  }
  isCharacterDevice(): boolean {
    return this.#stats.isCharacterDevice()
  }
  isDirectory(): boolean {
    return this.#stats.isDirectory()
  }
  isFIFO(): boolean {
    return this.#stats.isFIFO()
  }
  isFile(): boolean {
    return this.#stats.isFile()
  }
  isSocket(): boolean {
    return this.#stats.isSocket()
  }
  isSymbolicLink(): boolean {
    return this.#stats.isSymbolicLink()
  }
}

function seconds(nanoseconds: bigint): number {
  return Number(nanoseconds / 1_000_000_000n)
}
