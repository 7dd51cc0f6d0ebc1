import { type Prefix, parsePrefix, PrefixSet } from '@vpnext/ip'
import { sameScope } from './same-scope.ts'
import type { Scope } from './request.ts'
import type { OverlayRoute, RoutesData, TunnelPlan } from './step.ts'

/** A tunnel that stands beside the one that is planned, as far as the way of packets is concerned. */
export interface BesideTunnel {
  readonly slot: number
  readonly interfaceName: string
  readonly scope: Scope
  /** Whether it is for some applications only, or for all but some. */
  readonly hasList: boolean
  readonly routes: RoutesData
}

/** A tunnel that is up, for the plan of the next one. */
export function besideOf({ slot, interfaceName, scope, steps }: TunnelPlan): BesideTunnel | undefined {
  const routes = steps.find((step) => step.kind === 'routes')?.apply
  if (routes === undefined) return undefined
  const hasList = steps.some((step) => step.kind === 'guard' && step.apply.members !== undefined)
  return { slot, interfaceName, scope, hasList, routes }
}

/**
 * Rules ask the tables one after another, in the order of the slots, so the first table with a route decides. For the longest
 * prefix to decide, a table has the longer prefixes of the tunnels behind it too, with their devices.
 *
 * Only for tunnels that concern the same packets: of the same scope, without lists of applications. Between others the slots
 * decide.
 */
export function overlayRoutes(
  own: Omit<BesideTunnel, 'hasList'>,
  beside: readonly BesideTunnel[],
): OverlayRoute[] {
  return beside
    .filter((other) => !other.hasList && sameScope(other.scope, own.scope))
    .flatMap((other) => (other.slot < own.slot ? overlay(other, own) : overlay(own, other)))
}

type Ways = Pick<BesideTunnel, 'slot' | 'interfaceName' | 'routes'>

function overlay(earlier: Ways, later: Ways): OverlayRoute[] {
  const { table, tunnel, refused, excluded } = earlier.routes
  const present = new Set([...tunnel, ...refused, ...excluded])
  const caught = setOf([...tunnel, ...refused])
  const isHidden = (set: PrefixSet, destination: string): boolean =>
    !present.has(destination) && set.covers(prefix(destination))
  const common = { table, slot: later.slot }
  const carried = later.routes.tunnel.filter((destination) => isHidden(caught, destination))
  const nowhere = later.routes.refused.filter((destination) => isHidden(caught, destination))
  const taken = setOf([...carried, ...nowhere])
  // What the later one spares, the earlier one carries, as it would without the other.
  const spared = later.routes.excluded.filter((destination) => isHidden(taken, destination))
  return [
    ...carried.map((destination) => ({ ...common, destination, interfaceName: later.interfaceName })),
    ...nowhere.map((destination) => ({ ...common, destination })),
    ...spared.map((destination) => ({ ...common, destination, interfaceName: earlier.interfaceName })),
  ]
}

function setOf(destinations: readonly string[]): PrefixSet {
  return PrefixSet.from(destinations.map(prefix))
}

function prefix(text: string): Prefix {
  const parsed = parsePrefix(text)
  if (parsed === undefined) throw new RangeError(`routes: ${text} is not a prefix`)
  return parsed
}
