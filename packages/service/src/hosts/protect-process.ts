import { attachToCgroup, errorText, loadProgram, markSocketsPrograms } from '@vpnext/native'
import type { NetworkSettings } from '@vpnext/network'
import type { HostRun } from '../abilities/host-run.ts'
import { foreignTunnel } from '../tunnels/protect.ts'
import type { Tunnels } from '../tunnels/tunnels.ts'

/** How it went; `nobody`: the host has to protect its sockets one by one. */
export type ProcessProtection = { readonly by: 'kernel' } | { readonly by: 'nobody'; readonly reason: string }

/**
 * VpnConnection.protectProcessNet.
 *
 * - BPF programs in the host's control group mark each socket when it is made or connects. They go with the control group.
 *   Connected sockets of before stay as they are.
 * - Without control group or BPF, rules and guard of its tunnels let the host's uid out: unconnected sockets of before too.
 * - A host that shares the uid of its user can be told by neither.
 */
export async function protectProcess(
  run: HostRun,
  tunnels: Tunnels,
  settings: NetworkSettings,
): Promise<ProcessProtection> {
  // A mark takes sockets out of all tunnels, so nobody may have them set under a tunnel that somebody else made.
  if (foreignTunnel(run, tunnels.list()) !== undefined)
    return { by: 'nobody', reason: 'the tunnel of another bundle covers this one' }
  if (run.protection !== 'none') return { by: 'kernel' }
  const obstacle = markSockets(run, settings)
  if (obstacle === undefined) return { by: 'kernel' }
  if (run.hostUid === run.target.bundle.ownerUid) return { by: 'nobody', reason: obstacle }
  try {
    await tunnels.spare(run)
    return { by: 'kernel' }
  } catch (error) {
    run.protection = 'none'
    return { by: 'nobody', reason: `${obstacle}; ${errorText(error)}` }
  }
}

/** @returns why it is not possible */
function markSockets(run: HostRun, { protectMark }: NetworkSettings): string | undefined {
  const cgroup = run.stage.kind === 'preparing' ? undefined : run.stage.cgroup
  if (cgroup === undefined) return 'the host has no control group'
  try {
    for (const each of markSocketsPrograms('vpnext_protect', protectMark, protectMark)) {
      using program = loadProgram(each)
      attachToCgroup(cgroup.path, program, each.hook)
    }
  } catch (error) {
    return errorText(error)
  }
  run.protection = 'by mark'
  return undefined
}
