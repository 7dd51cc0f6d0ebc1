import { isSystemError, Rtnetlink, type RtRoute } from '@vpnext/native'
import type { PacketQuestion, RouteError } from './packet.ts'

/** The way of a packet as the kernel tells it. */
export type KernelWay =
  | {
      readonly kind: 'way'
      /** Where it was found; 0: in no table. */
      readonly table: number
      readonly type: RtRoute['type']
      /** Of the interface it leaves by; of the loopback device for one's own addresses. */
      readonly index: number
      readonly gateway?: string
      /** The address its socket gets, unless it is bound to one. */
      readonly source?: string
    }
  | { readonly kind: 'refused'; readonly error: RouteError }

const routeErrors: readonly RouteError[] = ['ENETUNREACH', 'EHOSTUNREACH', 'EACCES', 'EINVAL']

/**
 * Asks the kernel of the calling thread's network namespace (RTM_GETROUTE). Sends nothing.
 *
 * @throws SystemError when it does not answer, RangeError `<field>: …` for bad input
 */
export function askKernel({ source, ...query }: PacketQuestion): KernelWay {
  using netlink = Rtnetlink.open()
  try {
    const way = netlink.getRoute({ ...query, ...(source === undefined ? {} : { from: source }) })
    const chosen = source ?? way.preferredSource
    return {
      kind: 'way',
      table: way.table,
      type: way.type,
      index: way.index ?? way.nextHops?.[0]?.index ?? 0,
      ...(way.gateway === undefined ? {} : { gateway: way.gateway }),
      ...(chosen === undefined ? {} : { source: chosen }),
    }
  } catch (error) {
    const refusal = routeErrors.find((code) => isSystemError(error, code))
    if (refusal === undefined) throw error
    return { kind: 'refused', error: refusal }
  }
}
