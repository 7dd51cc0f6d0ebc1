import { isErrno, readPlainFile } from '@vpnext/native'

/**
 * The ids of groups, by group(5). Groups that only a directory service knows do not count: the service asks no other
 * program, and nothing over the network.
 *
 * @returns id by name; names the file does not have are absent
 */
export function groupIds(groupFile: string, names: readonly string[]): ReadonlyMap<string, number> {
  const wanted = new Set(names)
  const found = new Map<string, number>()
  for (const line of readGroups(groupFile).split('\n')) {
    const [name = '', , id = ''] = line.split(':')
    if (wanted.has(name) && /^\d+$/.test(id)) found.set(name, Number(id))
  }
  return found
}

function readGroups(groupFile: string): string {
  try {
    return readPlainFile(groupFile).toString('utf8')
  } catch (error) {
    // A minimal container has none: then there are no groups.
    if (isErrno(error, 'ENOENT')) return ''
    throw error
  }
}
