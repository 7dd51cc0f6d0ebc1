import { Fd, isErrno, tryLockFile } from '@vpnext/native'
import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { preferencesError } from './preferences-error.ts'
import { type StoredValue, isStoredValue } from './stored-value.ts'

/** What a file held at one moment. */
export interface Snapshot {
  readonly values: ReadonlyMap<string, StoredValue>
  /** Tells this content of the file from every other; `''` when there is no file. */
  readonly version: string
}

/** `version`: the new one; undefined when somebody else was faster. `locked`: somebody else is at it. */
type Commit = { readonly kind: 'done'; readonly version: string | undefined } | { readonly kind: 'locked' }

/** How long to wait for another process's lock before asking again, in ms. The lock is held for a rename only. */
const lockInterval = 1

/**
 * The file of one preferences object. Other processes may change it at any time: every version of it is a file of its own,
 * renamed into place under a lock, so that a reader sees one version or the next, and no writer overwrites a version it has
 * not seen.
 */
export class PreferencesFile {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  /** The version that is there now. Costs one system call. */
  version(): string {
    const stat = fs.statSync(this.path, { bigint: true, throwIfNoEntry: false })
    return stat === undefined ? '' : `${stat.ino}.${stat.ctimeNs}.${stat.size}`
  }

  /** @throws BusinessError 15500000 for a file that holds something else */
  read(): Snapshot {
    let fd: number
    try {
      fd = fs.openSync(this.path, 'r')
    } catch (error) {
      if (isErrno(error, 'ENOENT')) return { values: new Map(), version: '' }
      throw error
    }
    try {
      const stat = fs.fstatSync(fd, { bigint: true })
      const text = fs.readFileSync(fd, 'utf8')
      return { values: parse(text, this.path), version: `${stat.ino}.${stat.ctimeNs}.${stat.size}` }
    } finally {
      fs.closeSync(fd)
    }
  }

  /**
   * Puts values in the place of a version.
   *
   * @returns the new version; undefined when `expected` is not the current one any more, and then nothing has changed
   */
  async replace(values: ReadonlyMap<string, StoredValue>, expected: string): Promise<string | undefined> {
    const temporary = this.#temporaryPath()
    try {
      const file = await fs.promises.open(temporary, 'wx', 0o600)
      try {
        await file.writeFile(textOf(values))
        await file.sync()
      } finally {
        await file.close()
      }
      for (;;) {
        const outcome = this.#commit(temporary, expected)
        if (outcome.kind === 'done') return outcome.version
        await wait(lockInterval)
      }
    } finally {
      fs.rmSync(temporary, { force: true })
    }
  }

  /** {@link replace}, waiting. */
  replaceNow(values: ReadonlyMap<string, StoredValue>, expected: string): string | undefined {
    const temporary = this.#temporaryPath()
    try {
      fs.writeFileSync(temporary, textOf(values), { mode: 0o600, flag: 'wx', flush: true })
      for (;;) {
        const outcome = this.#commit(temporary, expected)
        if (outcome.kind === 'done') return outcome.version
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, lockInterval)
      }
    } finally {
      fs.rmSync(temporary, { force: true })
    }
  }

  /** Removes the file; one that is not there is no error. */
  remove(): void {
    fs.rmSync(this.path, { force: true })
    fs.rmSync(this.#lockPath, { force: true })
  }

  get #lockPath(): string {
    return `${this.path}.lock`
  }

  #temporaryPath(): string {
    fs.mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 })
    return `${this.path}.${randomBytes(6).toString('hex')}.new`
  }

  /** All in one turn, so the lock is never held while anything else of this process runs. */
  #commit(temporary: string, expected: string): Commit {
    using lock = Fd.adopt(fs.openSync(this.#lockPath, 'a', 0o600))
    if (!tryLockFile(lock, 'exclusive')) return { kind: 'locked' }
    // The lock file of a removed object may have been removed, and made anew, since it was opened.
    if (fs.statSync(this.#lockPath, { throwIfNoEntry: false })?.ino !== fs.fstatSync(lock.number).ino) {
      return { kind: 'locked' }
    }
    if (this.version() !== expected) return { kind: 'done', version: undefined }
    fs.renameSync(temporary, this.path)
    return { kind: 'done', version: this.version() }
  }
}

function textOf(values: ReadonlyMap<string, StoredValue>): string {
  return JSON.stringify({ version: 1, values: Object.fromEntries(values) })
}

function parse(text: string, path: string): Map<string, StoredValue> {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    throw preferencesError(15500000, `${path} is damaged`, error)
  }
  const values: unknown =
    typeof document === 'object' && document !== null ? Reflect.get(document, 'values') : undefined
  if (typeof values !== 'object' || values === null) throw preferencesError(15500000, `${path} is damaged`)
  const entries: [string, unknown][] = Object.entries(values)
  const found = new Map<string, StoredValue>()
  for (const [key, value] of entries) if (isStoredValue(value)) found.set(key, value)
  return found
}
