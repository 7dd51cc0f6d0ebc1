import { networkInterfaces } from 'node:os'
import { parseAddress } from '@vpnext/ip'
import { SettingsError } from '../core/core-options.ts'
import type { EndpointSetting, PeerSettings } from '../wg-quick/tunnel-settings.ts'
import type { PlainEndpoint, PlainPeer } from './engine-messages.ts'
import { shareSecret } from './shared-secret.ts'

/** A peer's settings for the other thread; the preshared key in shared memory. Names are left to be resolved. */
export function plainPeer(settings: PeerSettings): PlainPeer {
  const { allowedIps, persistentKeepalive, presharedKey, publicKey } = settings
  const endpoint = settings.endpoint === undefined ? undefined : literalEndpoint(settings.endpoint)
  return {
    publicKey,
    allowedIps,
    ...(presharedKey !== undefined && { presharedKey: shareSecret(presharedKey.bytes) }),
    ...(endpoint !== undefined && { endpoint }),
    ...(persistentKeepalive !== undefined && { persistentKeepalive }),
  }
}

/**
 * An endpoint given as an address.
 *
 * @returns `undefined` for a name
 * @throws SettingsError when the zone (`fe80::1%eth0`) is no interface
 */
export function literalEndpoint({ host, port }: EndpointSetting): PlainEndpoint | undefined {
  const [address = '', zone] = host.split('%')
  if (parseAddress(address) === undefined) return undefined
  return { address, port, scope: zone === undefined ? 0 : scopeOf(zone) }
}

/** An endpoint as text, `[fe80::1%2]:51820`, with the name of the interface in place of its index, as wg(8) has it. */
export function withZoneName(endpoint: string): string {
  return endpoint.replace(/%(\d+)\]/, (index, scope: string) => {
    const links = Object.entries(networkInterfaces())
    const name = links.find(([, own]) => own?.some(({ scopeid }) => scopeid === Number(scope)))?.[0]
    return name === undefined ? index : `%${name}]`
  })
}

function scopeOf(zone: string): number {
  if (/^\d+$/.test(zone)) return Number(zone)
  const link = networkInterfaces()[zone]?.find(({ family, scopeid }) => family === 'IPv6' && scopeid !== 0)
  if (link?.scopeid !== undefined) return link.scopeid
  throw new SettingsError('endpoint', `no interface ${zone} with a link-local address`)
}
