import { runNft } from '@vpnext/native'
import type { RouteSpec, RtRequest, RtRule } from '@vpnext/native'

import type { Namespace } from './namespace.ts'

const kernelProtocol = 2

/**
 * Takes a link down, as an unplugged cable does: its routes and, depending on the host, addresses go with it.
 *
 * @returns what sets it up again and brings back the addresses and routes that it had, as a network manager does
 */
export function linkDown(namespace: Namespace, interfaceName: string): Disposable {
  const index = namespace.linkIndex(interfaceName)
  using rtnetlink = namespace.rtnetlink()
  const lost: RtRequest[] = [
    ...rtnetlink
      .addresses()
      .filter((address) => address.index === index && address.permanent)
      .map(({ family, address, prefixLength }) => {
        return { op: 'addAddress', index, family, address, prefixLength, noDad: family === 6 } as const
      }),
    ...rtnetlink
      .routes()
      .filter((route) => route.index === index && route.protocol !== kernelProtocol)
      .map((route) => ({ op: 'addRoute', route }) as const),
  ]
  rtnetlink.apply([{ op: 'setLink', index, up: false }])
  return { [Symbol.dispose]: () => linkUp(namespace, index, lost) }
}

function linkUp(namespace: Namespace, index: number, lost: readonly RtRequest[]): void {
  using rtnetlink = namespace.rtnetlink()
  rtnetlink.apply([{ op: 'setLink', index, up: true }])
  for (const result of rtnetlink.applyAll(lost)) {
    if (!result.ok && result.error.code !== 'EEXIST') throw result.error
  }
}

/** Removes a routing rule, as another program might. @throws SystemError ENOENT when there is none such */
export function deleteRule(namespace: Namespace, rule: RtRule): void {
  using rtnetlink = namespace.rtnetlink()
  rtnetlink.apply([{ op: 'deleteRule', rule }])
}

/**
 * Adds a route, as a hostile DHCP server does (TunnelVision, CVE-2024-3661: option 121 with `0.0.0.0/1`).
 *
 * @returns what removes it, if it is still there
 */
export function addRoute(namespace: Namespace, route: RouteSpec): Disposable {
  using rtnetlink = namespace.rtnetlink()
  rtnetlink.apply([{ op: 'addRoute', route }])
  return {
    [Symbol.dispose]() {
      using again = namespace.rtnetlink()
      for (const result of again.applyAll([{ op: 'deleteRoute', route }])) {
        if (!result.ok && result.error.code !== 'ESRCH') throw result.error
      }
    },
  }
}

/** Empties the packet filter of a host, as `nft flush ruleset` and many firewall scripts do. */
export function flushNft(namespace: Namespace): void {
  namespace.run(() => runNft('flush ruleset'))
}

/**
 * Lets a router drop larger packets without a word, as a path with a wrong MTU does. Segmentation offload may hide
 * oversized TCP packets from it or show it undersized ones as large: use it for datagrams.
 *
 * @param bytes the largest IP packet that passes
 * @returns what lets them pass again
 */
export function dropLargerThan(router: Namespace, bytes: number): Disposable {
  router.run(() =>
    runNft(`table inet lab_mtu {
  chain forward {
    type filter hook forward priority 0;
    meta length > ${Math.trunc(bytes)} drop
  }
}`),
  )
  return {
    [Symbol.dispose]: () => router.run(() => runNft('add table inet lab_mtu; delete table inet lab_mtu')),
  }
}
