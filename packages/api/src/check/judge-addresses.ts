import { type Address, formatAddress, parseAddress } from '@vpnext/ip'
import { limits } from '../limits.ts'
import type { LinkAddress, NetAddress } from '../types/net-address.ts'
import type { CheckedAddress } from './checked-vpn-config.ts'
import { valueError } from './field.ts'
import { parseRequired } from './read-link-address.ts'
import { specialKind } from './special-addresses.ts'
import type { Warnings } from './warnings.ts'

/**
 * The addresses of the tunnel: canonical, each once. A loopback address beside others is left out, with a warning: the device's kernel
 * refuses it, silently, and projects have it.
 *
 * @throws BusinessError 2200001 for any other address no interface can have, or a port outside its range
 */
export function judgeAddresses(addresses: readonly LinkAddress[], warnings: Warnings): CheckedAddress[] {
  if (addresses.length === 0) {
    warnings.add('config.addresses', 'is empty: the VPN has no address and carries nothing')
  }
  const checked = new Map<string, CheckedAddress>()
  for (const [index, { address: net, prefixLength }] of addresses.entries()) {
    const path = `config.addresses[${index}]`
    const parsed = judgeNetAddress(net, `${path}.address`, warnings)
    const kind = specialKind(parsed)
    const reason = `${net.address} is ${kind}; an interface cannot have it`
    if (kind === 'loopback' && others(addresses, index)) {
      warnings.add(`${path}.address.address`, `${reason} and does without`)
      continue
    }
    if (kind !== undefined) throw valueError(`${path}.address.address`, reason)
    const address = formatAddress(parsed)
    if (checked.has(address)) warnings.add(path, `${address} is there already; this one is ignored`)
    else checked.set(address, { address, family: parsed.family, prefixLength })
  }
  return [...checked.values()]
}

/** Whether any other address is one that an interface can have. */
function others(addresses: readonly LinkAddress[], index: number): boolean {
  return addresses.some(({ address }, other) => {
    const parsed = other === index ? undefined : parseAddress(address.address)
    return parsed !== undefined && specialKind(parsed) === undefined
  })
}

/** Parses a text that has passed the first check, warns when `family` contradicts it, and checks the port. */
export function judgeNetAddress(net: NetAddress, path: string, warnings: Warnings): Address {
  const parsed = parseRequired(net.address, { path: `${path}.address`, call: 'create' })
  judgePort(net, path)
  if (net.family !== undefined && net.family !== (parsed.family === 4 ? 1 : 2)) {
    warnings.add(
      `${path}.family`,
      `is ${net.family}, but ${net.address} is IPv${parsed.family}; the text decides`,
    )
  }
  return parsed
}

/** @throws BusinessError 2200001 unless the port is absent or a whole number from 0 to 65535 */
export function judgePort({ port }: NetAddress, path: string): void {
  if (port !== undefined && (!Number.isInteger(port) || port < 0 || port > limits.port)) {
    throw valueError(`${path}.port`, `must be a whole number from 0 to ${limits.port}, not ${port}`)
  }
}
