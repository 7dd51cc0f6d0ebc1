import { relative } from 'node:path'
import { cgroup2Mount, cgroupHookNames, isSystemError } from '@vpnext/native'
import { programsOf } from './identity/cgroup-programs.ts'
import { cgroupsBelow } from './identity/cgroup-tree.ts'
import { programPrefix } from './identity/program-name.ts'
import type { NetworkSettings } from './settings.ts'

/**
 * The BPF programs of an instance, wherever they are attached; sorted lines. Their place is in it, because of two programs
 * the later one has the last word.
 */
export function programLines(settings: NetworkSettings): string[] {
  const root = cgroup2Mount()
  if (root === undefined) return []
  try {
    return [...cgroupsBelow(root)].flatMap((path) => linesOf(path, root, settings)).toSorted()
  } catch (error) {
    // Without the privilege to see programs there are none of ours either.
    if (isSystemError(error, 'EPERM', 'ENOSYS', 'EINVAL')) return []
    throw error
  }
}

function linesOf(path: string, root: string, settings: NetworkSettings): string[] {
  return cgroupHookNames.flatMap((hook) =>
    programsOf(path, [hook])
      .filter(({ name }) => name.startsWith(programPrefix(settings)))
      .map(({ name }, place) => `/${relative(root, path)} ${hook} ${place}: ${name}`),
  )
}
