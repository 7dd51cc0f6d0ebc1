import { attachToCgroup, loadProgram, markSocketsProgram } from '@vpnext/native'
import type { NetworkSettings } from '@vpnext/network'
import type { HostRun } from '../abilities/host-run.ts'
import { foreignTunnel } from '../tunnels/protect.ts'
import type { TunnelEntry } from '../tunnels/tunnel-entry.ts'

/** How it went; `nobody`: the host has to protect its sockets one by one. */
export type ProcessProtection = { readonly by: 'kernel' } | { readonly by: 'nobody'; readonly reason: string }

/**
 * VpnConnection.protectProcessNet: a BPF program in the host's control group marks each socket when it is made. It goes with
 * the control group. Sockets of before stay as they are.
 *
 * @param tunnels all that exist
 */
export function protectProcess(
  run: HostRun,
  tunnels: readonly TunnelEntry[],
  settings: NetworkSettings,
): ProcessProtection {
  // A mark takes sockets out of all tunnels, so nobody may have them set under a tunnel that somebody else made.
  if (foreignTunnel(run, tunnels) !== undefined)
    return { by: 'nobody', reason: 'the tunnel of another bundle covers this one' }
  const cgroup = run.stage.kind === 'preparing' ? undefined : run.stage.cgroup
  if (cgroup === undefined) return { by: 'nobody', reason: 'the host has no control group' }
  if (run.socketsMarked) return { by: 'kernel' }
  try {
    const { protectMark } = settings
    using program = loadProgram(markSocketsProgram('vpnext_protect', protectMark, protectMark))
    attachToCgroup(cgroup.path, program, 'sock-create')
  } catch (error) {
    return { by: 'nobody', reason: error instanceof Error ? error.message : String(error) }
  }
  run.socketsMarked = true
  return { by: 'kernel' }
}
