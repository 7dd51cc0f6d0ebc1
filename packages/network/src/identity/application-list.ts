import type { NetworkSettings } from '../settings.ts'
import type { CgroupApplication } from './cgroup-path.ts'

/** The settings that identity depends on. */
export type IdentitySettings = Pick<NetworkSettings, 'instance' | 'identityMask'>

type Mask = Pick<NetworkSettings, 'identityMask'>

/** The applications that a tunnel names, and how they are told from others. Plain JSON: the journal has it. */
export interface ApplicationList {
  /** Of the tunnel. */
  readonly slot: number
  /** Only this user's programs; absent: everybody's. */
  readonly uid?: number
  readonly members: readonly ListedApplication[]
  /** Whether members may not tie a socket to an interface (SO_BINDTODEVICE). Needs cgroup identity. */
  readonly lockDevice: boolean
}

export interface ListedApplication {
  readonly bundle: string
  /** Other names it goes by, see {@link CgroupApplication.id}. Its own name always counts. */
  readonly aliases: readonly string[]
  /** What the marks of its sockets say, 1 to {@link listCount}; 0 where it has no mark. */
  readonly value: number
  /** Users that run nothing else. */
  readonly uids: readonly number[]
}

/** What tells the listed applications from others, in routing rules and in the guard. */
export interface Selectors {
  /** Bits of {@link NetworkSettings.identityMask}. */
  readonly marks: readonly number[]
  readonly uids: readonly number[]
}

/** More would not fit into the names of the programs. */
const MAX_LISTS = 31

/** How many values the identity bits of a mark have: 31 with the default mask. */
export function listCount({ identityMask }: Mask): number {
  return Math.min(MAX_LISTS, (identityMask >>> 0) / lowestBit(identityMask))
}

/** The identity bits of a mark for a value. */
export function identityMark({ identityMask }: Mask, value: number): number {
  return value * lowestBit(identityMask)
}

/** The value in a mark; 0: none. */
export function identityValue({ identityMask }: Mask, mark: number): number {
  return ((mark & identityMask) >>> 0) / lowestBit(identityMask)
}

/** The marks and uids of a list's members, each once, sorted. */
export function selectorsOf(list: ApplicationList, settings: Mask): Selectors {
  const values = list.members.map(({ value }) => value).filter((value) => value !== 0)
  return {
    marks: sortedOnce(values).map((value) => identityMark(settings, value)),
    uids: sortedOnce(list.members.flatMap(({ uids }) => uids)),
  }
}

/** The member that an application is; undefined when the list does not name it. */
export function memberOf(
  list: ApplicationList,
  { uid, id }: CgroupApplication,
): ListedApplication | undefined {
  if (list.uid !== undefined && list.uid !== uid) return undefined
  return list.members.find(({ bundle, aliases }) => bundle === id || aliases.includes(id))
}

function lowestBit(mask: number): number {
  return (mask & -mask) >>> 0
}

function sortedOnce(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].toSorted((a, b) => a - b)
}
