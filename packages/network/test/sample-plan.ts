import { checkVpnConfig } from '@vpnext/api'
import {
  defaultSettings,
  type KernelFacts,
  type NetworkSettings,
  planTunnel,
  type TunnelPlan,
} from '../src/index.ts'
import type { TunnelRequest } from '../src/plan/request.ts'

/** A machine as most are: IPv6, loose source checks, no tunnel yet. */
export const plainFacts: KernelFacts = {
  ipv6: true,
  ipv6DisabledByDefault: false,
  strictSourceCheck: false,
  rpFilterAll: 0,
  rpFilterDefault: 0,
  srcValidMark: 0,
  arpIgnore: 0,
  dns: 'resolv.conf',
  interfaceNames: ['lo', 'c0'],
  rulePriorities: [],
  ruleTables: [255, 254, 253],
}

/** A config in few words. Addresses and routes are `net/len`; `!` before a route excludes it. */
export interface ConfigInWords {
  readonly addresses?: readonly string[]
  readonly routes?: readonly string[]
  readonly more?: Readonly<Record<string, unknown>>
}

/** A config as an extension would give it, checked. */
export function checkedConfig({
  addresses = ['10.8.0.5/24'],
  routes,
  more = {},
}: ConfigInWords): TunnelRequest['config'] {
  const linkAddress = (text: string): unknown => {
    const [address = '', length = ''] = text.split('/')
    return { address: { address, family: address.includes(':') ? 2 : 1 }, prefixLength: Number(length) }
  }
  return checkVpnConfig({
    addresses: addresses.map(linkAddress),
    ...(routes === undefined
      ? {}
      : {
          routes: routes.map((text) => ({
            interface: '',
            destination: linkAddress(text.replace('!', '')),
            gateway: { address: '' },
            hasGateway: false,
            isDefaultRoute: false,
            isExcludedRoute: text.startsWith('!'),
          })),
        }),
    ...more,
  })
}

/** A request for slot 0 of the whole machine; its host runs as root, as the tests do. */
export function requestFor(words: ConfigInWords, overrides: Partial<TunnelRequest> = {}): TunnelRequest {
  return {
    slot: 0,
    interfaceName: 'vpn-tun',
    config: checkedConfig(words),
    scope: { kind: 'device' },
    hostUid: 0,
    owner: { uid: 1000, bundleName: 'com.example.vpn' },
    ...overrides,
  }
}

export function planFor(
  words: ConfigInWords,
  overrides: Partial<TunnelRequest> = {},
  facts: KernelFacts = plainFacts,
  settings: NetworkSettings = defaultSettings(),
): TunnelPlan {
  return planTunnel(requestFor(words, overrides), settings, facts)
}
