import { openTun, type RtRequest } from '@vpnext/native'
import type { AddressesData, InterfaceData, LinkUndo, TunData } from '../plan/step.ts'
import { type ApplyContext, deviceOf, type UndoContext, type Undone } from './context.ts'

/** Makes the TUN; fails when the name is taken, so that no other device is ever touched. */
export function applyTun(data: TunData, context: ApplyContext): void {
  const { interfaceName, blocking, offload } = data
  const { fd, name } = openTun({ name: interfaceName, blocking, vnetHeader: offload })
  try {
    context.device = { fd, index: context.netlink.linkIndex(name) }
  } catch (error) {
    fd.close()
    throw new Error(`interface ${name} vanished right after it was made`, { cause: error })
  }
}

/** MTU, and no link-local address: a TUN would otherwise solicit routers as soon as it is up. */
export function interfaceRequests(data: InterfaceData, context: ApplyContext): RtRequest[] {
  const { index } = deviceOf(context)
  const quiet = data.addressGenerationNone ? { addrGenModeNone: true } : {}
  return [{ op: 'setLink', index, mtu: data.mtu, ...quiet }]
}

/** The addresses, without routes to their networks: those are in the tunnel's own table. */
export function addressRequests(data: AddressesData, context: ApplyContext): RtRequest[] {
  const { index } = deviceOf(context)
  return data.addresses.map(({ family, address, prefixLength }) => ({
    op: 'addAddress',
    index,
    family,
    address,
    prefixLength,
    noPrefixRoute: true,
    noDad: true,
  }))
}

export function linkUpRequests(context: ApplyContext): RtRequest[] {
  return [{ op: 'setLink', index: deviceOf(context).index, up: true }]
}

/**
 * Removes the device with its addresses and routes, whoever holds descriptors of it. The name was free when the journal was
 * written, so a TUN that has it now is ours.
 */
export function undoLink({ interfaceName }: LinkUndo, { netlink }: UndoContext): Undone {
  const link = netlink.links().find(({ name, kind }) => name === interfaceName && kind === 'tun')
  if (link === undefined) return undefined
  netlink.apply([{ op: 'deleteLink', index: link.index }])
  return `interface ${interfaceName}`
}
