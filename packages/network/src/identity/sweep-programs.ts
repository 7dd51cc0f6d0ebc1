import { cgroup2Mount, cgroupHookNames, isSystemError } from '@vpnext/native'
import type { IdentitySettings } from './application-list.ts'
import { detach, programsOf } from './cgroup-programs.ts'
import { cgroupsBelow } from './cgroup-tree.ts'
import { parseProgramName } from './program-name.ts'

/**
 * Detaches all BPF programs of an instance, wherever they are: those that mark sockets, and those that send DNS questions
 * elsewhere.
 *
 * @returns one line per program
 */
export function sweepPrograms(settings: IdentitySettings): string[] {
  const root = cgroup2Mount()
  if (root === undefined) return []
  try {
    return [...cgroupsBelow(root)]
      .flatMap((path) => programsOf(path, cgroupHookNames))
      .filter((program) => parseProgramName(settings, program.name) !== undefined && detach(program))
      .map(({ name, cgroup }) => `BPF program ${name} of ${cgroup}`)
  } catch (error) {
    // Who may not see programs has made none.
    if (isSystemError(error, 'EPERM', 'ENOSYS', 'EINVAL')) return []
    throw error
  }
}
