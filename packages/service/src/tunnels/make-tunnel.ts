import type { Fd } from '@vpnext/native'
import {
  type FaultInjector,
  type Journal,
  type KernelLines,
  type Tunnel,
  type TunnelPlan,
  createTunnel,
} from '@vpnext/network'

/** What {@link makeTunnel} works with. */
export interface MakeTunnelParts {
  readonly journal: Journal
  readonly lines: KernelLines
  readonly faults: FaultInjector | undefined
}

/** A tunnel that is up, and the descriptor of its TUN for the host. */
export interface MadeTunnel {
  readonly tunnel: Tunnel
  readonly fd: Fd
}

/**
 * Makes what was planned.
 *
 * @param afterwards receives what need not keep the host waiting: to close the sockets that went another way before
 * @throws SystemError, or the signal's reason; nothing of the tunnel is left then
 */
export async function makeTunnel(
  plan: TunnelPlan,
  { journal, lines, faults }: MakeTunnelParts,
  signal: AbortSignal,
  afterwards: (() => void)[],
): Promise<MadeTunnel> {
  signal.throwIfAborted()
  const tunnel = await createTunnel(plan, {
    journal,
    lines,
    signal,
    afterwards: (closeStaleSockets) => afterwards.push(closeStaleSockets),
    ...(faults !== undefined && { faults }),
  })
  try {
    signal.throwIfAborted()
    return { tunnel, fd: tunnel.handOver() }
  } catch (error) {
    await tunnel.destroy()
    throw error
  }
}
