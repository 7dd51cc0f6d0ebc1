import { formatNft } from '@vpnext/native'
import { addGuard, type GuardRemoval, removeGuard } from './guard-commands.ts'
import type { GuardTunnel, InboundConnection } from './model.ts'

/** What {@link addGuard} does, as `nft -f` takes it. */
export function addGuardText(
  model: GuardTunnel,
  others: readonly number[],
  kept: readonly InboundConnection[] = [],
): string {
  return formatNft(addGuard(model, others, kept))
}

/** What {@link removeGuard} does, as `nft -f` takes it. */
export function removeGuardText(removal: GuardRemoval, others: readonly number[]): string {
  return formatNft(removeGuard(removal, others))
}
