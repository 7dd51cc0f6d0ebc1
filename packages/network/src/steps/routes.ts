import type { RouteSpec, Rtnetlink, RtRequest, RtRoute } from '@vpnext/native'
import type { RoutesData, RoutesUndo } from '../plan/step.ts'
import { inBatches } from './batches.ts'
import { type ApplyContext, deviceOf, type UndoContext, type Undone } from './context.ts'

/** IPv6 gives this to routes without a metric; we always say it, so that deleting finds the right one. */
const METRIC = 1024
/** The worst one short of "none": the twin counts only once the TUN's route is gone. */
const TWIN_METRIC = 4_294_967_294
/** Routes of a tunnel in the tables of others are known by their metrics: these and the slot. */
const OVERLAY_METRIC = 1_000_000
const OVERLAY_TWIN_METRIC = TWIN_METRIC - 1

/** As many as are made within about a millisecond. */
const FEW_ROUTES = 64

/** Whether the routes are made while nobody notices. */
export function isFewRoutes({ tunnel, refused, excluded }: RoutesData): boolean {
  return tunnel.length + refused.length + excluded.length <= FEW_ROUTES
}

/**
 * Fills the tunnel's table. Each route has an `unreachable` twin, which stays when the TUN goes, so a dead tunnel never
 * falls back to the uplink; twins come first.
 */
export function applyRoutes(data: RoutesData, context: ApplyContext): Promise<void> | undefined {
  const requests = routeRequests(data, deviceOf(context).index, context.netlink)
  return inBatches(requests, (batch) => context.netlink.apply(batch), context.signal)
}

/** @param index of the TUN; without it only what leads nowhere, or back to the next rule */
export function routeRequests(data: RoutesData, index: number | undefined, netlink: Rtnetlink): RtRequest[] {
  const route = (destination: string, rest: Pick<RouteSpec, 'type' | 'metric' | 'index'>): RtRequest => ({
    op: 'addRoute',
    route: {
      family: familyOf(destination),
      destination,
      table: data.table,
      protocol: data.protocol,
      ...rest,
    },
  })
  const intoTunnel = index === undefined ? [] : data.tunnel
  return [
    ...[...data.tunnel, ...data.refused].map((destination) =>
      route(destination, { type: 'unreachable', metric: TWIN_METRIC }),
    ),
    ...intoTunnel.map((destination) =>
      route(destination, { type: 'unicast', metric: METRIC, ...(index === undefined ? {} : { index }) }),
    ),
    ...data.excluded.map((destination) => route(destination, { type: 'throw', metric: METRIC })),
    ...overlayRequests(data, netlink),
  ]
}

/** A tunnel that has gone since is left out. */
function overlayRequests({ overlays = [], protocol }: RoutesData, netlink: Rtnetlink): RtRequest[] {
  if (overlays.length === 0) return []
  const links = new Map(netlink.links().map(({ name, index }) => [name, index]))
  return overlays.flatMap(({ table, destination, slot, interfaceName }): RtRequest[] => {
    const common = { family: familyOf(destination), destination, table, protocol }
    const twin = { ...common, type: 'unreachable', metric: OVERLAY_TWIN_METRIC - slot } as const
    if (interfaceName === undefined) return [{ op: 'addRoute', route: twin }]
    const index = links.get(interfaceName)
    if (index === undefined) return []
    const way = { ...common, type: 'unicast', metric: OVERLAY_METRIC + slot, index } as const
    return [
      { op: 'addRoute', route: twin },
      { op: 'addRoute', route: way },
    ]
  })
}

/**
 * Deletes what is in the table with our protocol number, and the tunnel's routes in other tables. Routes into the TUN go with
 * it, which the kernel does a hundred times faster; the TUN's own undo comes right after this one.
 */
export function undoRoutes(undo: RoutesUndo, { netlink }: UndoContext): Undone | Promise<Undone> {
  const isOfSlot = ({ type, metric }: RtRoute): boolean =>
    metric === (type === 'unicast' ? OVERLAY_METRIC + undo.slot : OVERLAY_TWIN_METRIC - undo.slot)
  const ours = netlink.routes().filter((route) => {
    if (route.protocol !== undo.protocol) return false
    if (route.table !== undo.table) return isOfSlot(route)
    return route.type !== 'unicast' || route.metric >= OVERLAY_METRIC
  })
  if (ours.length === 0) return undefined
  const requests = ours.map((route): RtRequest => ({ op: 'deleteRoute', route }))
  const pending = inBatches(requests, (batch) => {
    for (const result of netlink.applyAll(batch)) {
      // ESRCH: another one has deleted it meanwhile, or it went with its interface.
      if (!result.ok && result.error.code !== 'ESRCH') throw result.error
    }
  })
  const line = `${ours.length} routes of table ${undo.table}`
  return pending === undefined ? line : pending.then(() => line)
}

function familyOf(destination: string): 4 | 6 {
  return destination.includes(':') ? 6 : 4
}
