import { attachToCgroup, errorText, loadProgram, markSocketsProgram } from '@vpnext/native'
import type { NetworkSettings } from '@vpnext/network'
import type { HostRun } from '../abilities/host-run.ts'
import { foreignTunnel } from '../tunnels/protect.ts'
import type { Tunnels } from '../tunnels/tunnels.ts'

/** How it went; `nobody`: the host has to protect its sockets one by one. */
export type ProcessProtection = { readonly by: 'kernel' } | { readonly by: 'nobody'; readonly reason: string }

/**
 * VpnConnection.protectProcessNet.
 *
 * - A BPF program in the host's control group marks each socket when it is made. It goes with the control group. Sockets of
 *   before stay as they are.
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
    using program = loadProgram(markSocketsProgram('vpnext_protect', protectMark, protectMark))
    attachToCgroup(cgroup.path, program, 'sock-create')
  } catch (error) {
    return errorText(error)
  }
  run.protection = 'by mark'
  return undefined
}
