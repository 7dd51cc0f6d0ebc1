import { createHash } from 'node:crypto'
import { readdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { isErrno } from '@vpnext/native'
import { ServiceError } from '../service-error.ts'
import { ensureFolder } from '../state/folder.ts'
import { lockFolder } from '../state/folder-lock.ts'
import { firstHostUid, hostUidCount } from './host-uids.ts'
import { ensureRegistry, isOwnRegistry, uidRegistry } from './uid-registry.ts'

/** Uids that the hosts of one instance may have. */
export interface UidRange {
  readonly first: number
  readonly count: number
}

/** The default instance has half of all host uids, the others a block each. */
const defaultRange: UidRange = { first: firstHostUid, count: hostUidCount / 2 }
const blockSize = 256
const blocks = (hostUidCount - defaultRange.count) / blockSize
/**
 * Claims a range of host uids on this machine: two services never give the same uid to hosts of theirs. By its name an
 * instance gets the same range each time, as long as nobody else has it.
 *
 * @param known a uid that was given already, which must be in the range
 * @param told hears what somebody else has put in the registry's place, {@link ensureRegistry}
 * @returns the range, and what gives it back
 * @throws ServiceError `in-use` when another service has the range of `known`, or when all are taken
 */
export function claimUidRange(
  instance: string,
  known: number | undefined,
  told: (message: string) => void,
  registry: string = uidRegistry(),
): Disposable & { readonly range: UidRange } {
  const candidates = known === undefined ? rangesOf(instance) : [rangeWith(known)]
  let refusal: unknown
  for (const range of candidates) {
    try {
      const claim = claimFolder(join(registry, String(range.first)), registry, told)
      return { range, [Symbol.dispose]: () => claim[Symbol.dispose]() }
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== 'in-use') throw error
      refusal = error
    }
  }
  throw refusal
}

/** Takes away the claims of services that were killed. Idempotent. */
export function sweepUidClaims(registry: string = uidRegistry()): void {
  if (!isOwnRegistry(registry)) return
  for (const name of entriesOf(registry)) {
    try {
      claimFolder(join(registry, name), registry, () => undefined)[Symbol.dispose]()
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== 'in-use') throw error
    }
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return []
    throw error
  }
}

function claimFolder(path: string, registry: string, told: (message: string) => void): Disposable {
  const lock = lockNew(path, registry, told)
  return {
    [Symbol.dispose]() {
      lock[Symbol.dispose]()
      removeIfEmpty(path)
      removeIfEmpty(registry)
    },
  }
}

/** A folder may be swept away between its making and its lock. */
function lockNew(path: string, registry: string, told: (message: string) => void, tries = 8): Disposable {
  try {
    ensureRegistry(registry, told)
    ensureFolder(path, 0o700)
    return lockFolder(path)
  } catch (error) {
    if (tries === 0 || !isErrno(error, 'ENOENT')) throw error
    return lockNew(path, registry, told, tries - 1)
  }
}

/** In the order in which an instance tries them. */
function rangesOf(instance: string): UidRange[] {
  const start = createHash('sha256').update(instance).digest().readUInt32BE() % blocks
  const others = Array.from({ length: blocks }, (_, offset) => blockRange((start + offset) % blocks))
  return instance === 'default' ? [defaultRange, ...others] : others
}

function rangeWith(uid: number): UidRange {
  const beyond = uid - (defaultRange.first + defaultRange.count)
  return beyond < 0 ? defaultRange : blockRange(Math.floor(beyond / blockSize))
}

function blockRange(block: number): UidRange {
  return { first: defaultRange.first + defaultRange.count + block * blockSize, count: blockSize }
}

function removeIfEmpty(path: string): void {
  try {
    rmdirSync(path)
  } catch (error) {
    if (!isErrno(error, 'ENOTEMPTY', 'ENOENT')) throw error
  }
}
