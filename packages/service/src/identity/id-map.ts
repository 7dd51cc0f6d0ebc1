import { readFileSync } from 'node:fs'

/** The ids that exist in a user namespace. */
export interface IdMap {
  has(id: number): boolean
}

/**
 * Reads the ids of the current user namespace.
 *
 * @param kind `uid_map` or `gid_map` of /proc/self, user_namespaces(7)
 */
export function ownIdMap(kind: 'uid_map' | 'gid_map'): IdMap {
  return parseIdMap(readFileSync(`/proc/self/${kind}`, 'utf8'))
}

/** Lines of `first-inside first-outside count`. */
export function parseIdMap(text: string): IdMap {
  const ranges = text
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter((fields) => fields.length === 3)
  return {
    has: (id) => ranges.some(([first = 0, , count = 0]) => id >= first && id < first + count),
  }
}
