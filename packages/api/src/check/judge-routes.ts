import { formatAddress, formatPrefix, makePrefix, parseAddress } from '@vpnext/ip'
import type { NetAddress, RouteInfo } from '../types/net-address.ts'
import type { CheckedRoute } from './checked-vpn-config.ts'
import { shown, valueError } from './field.ts'
import { judgeNetAddress, judgePort } from './judge-addresses.ts'
import { meansNoGateway, specialKind } from './special-addresses.ts'
import type { Warnings } from './warnings.ts'

/** What else of the config the routes depend on. */
export interface RouteSurroundings {
  /** `''` when none was given; only then `multitun-vpn<N>` is no name of ours. */
  readonly vpnId: string
  readonly acceptIPv4: boolean
  readonly acceptIPv6: boolean
}

/**
 * The routes of the tunnel: canonical, each destination once. None given: a default route for each accepted family.
 *
 * @throws BusinessError 2200001 for a foreign interface, a gateway that is no usable address or of the other family, a port
 *   outside its range, or a destination that is both routed and excluded
 */
export function judgeRoutes(
  routes: readonly RouteInfo[],
  surroundings: RouteSurroundings,
  warnings: Warnings,
): CheckedRoute[] {
  if (routes.length === 0) return defaultRoutes(surroundings)
  const checked = new Map<string, CheckedRoute>()
  for (const [index, route] of routes.entries()) {
    const path = `config.routes[${index}]`
    const next = judgeRoute(route, path, surroundings, warnings)
    const earlier = checked.get(next.destination)
    if (earlier === undefined) {
      checked.set(next.destination, next)
    } else if (earlier.excluded === next.excluded) {
      warnings.add(path, `${next.destination} is there already; this one is ignored`)
    } else {
      throw valueError(`${path}.isExcludedRoute`, `${next.destination} is both routed and excluded`)
    }
  }
  const list = [...checked.values()]
  if (list.every((route) => route.excluded)) {
    warnings.add('config.routes', 'are all excluded: nothing goes through the VPN')
  }
  return list
}

function defaultRoutes({ acceptIPv4, acceptIPv6 }: RouteSurroundings): CheckedRoute[] {
  const common = { gateway: '', excluded: false, generated: true }
  const routes: CheckedRoute[] = []
  if (acceptIPv4) routes.push({ destination: '0.0.0.0/0', family: 4, ...common })
  if (acceptIPv6) routes.push({ destination: '::/0', family: 6, ...common })
  return routes
}

function judgeRoute(
  route: RouteInfo,
  path: string,
  surroundings: RouteSurroundings,
  warnings: Warnings,
): CheckedRoute {
  judgeInterface(route.interface, `${path}.interface`, surroundings)
  const net = route.destination.address
  const parsed = judgeNetAddress(net, `${path}.destination.address`, warnings)
  const { family } = parsed
  if (net.family === undefined && family === 6) {
    warnings.add(`${path}.destination.address.family`, 'is missing; the device takes it for IPv4, so give 2')
  }
  const destination = formatPrefix(makePrefix(parsed, route.destination.prefixLength))
  const gateway = judgeGateway(route.gateway, `${path}.gateway`, family, warnings)
  const excluded = route.isExcludedRoute ?? false
  if (!excluded && !(family === 4 ? surroundings.acceptIPv4 : surroundings.acceptIPv6)) {
    warnings.add(path, `the VPN does not accept IPv${family}: ${destination} becomes unreachable`)
  }
  return { destination, family, gateway: excluded ? '' : gateway, excluded, generated: false }
}

/** All accepted names mean the tunnel's own interface, whatever its number will be. */
function judgeInterface(name: string, path: string, { vpnId }: RouteSurroundings): void {
  if (name === '' || name === 'vpn-tun') return
  if (vpnId !== '' && /^multitun-vpn[0-9]{1,3}$/.test(name)) return
  throw valueError(path, `${shown(name)} is not the VPN's interface`, "use '' or 'vpn-tun'")
}

function judgeGateway(net: NetAddress, path: string, family: 4 | 6, warnings: Warnings): string {
  if (meansNoGateway(net.address)) {
    judgePort(net, path)
    return ''
  }
  const text = `${path}.address`
  if (parseAddress(net.address) === undefined) {
    throw valueError(text, `${shown(net.address)} is not an address`, "use '' for a route without a gateway")
  }
  const parsed = judgeNetAddress(net, path, warnings)
  const kind = specialKind(parsed)
  if (kind === 'loopback') {
    warnings.add(text, `${net.address} is loopback; the route has no gateway`)
    return ''
  }
  if (kind !== undefined) throw valueError(text, `${net.address} is ${kind}; a gateway cannot have it`)
  if (parsed.family !== family) {
    throw valueError(text, `is IPv${parsed.family}, but the destination is IPv${family}`)
  }
  return formatAddress(parsed)
}
