import { businessError } from '@vpnext/api'

import { objectParameter, optionalMember, parameterError, textParameter } from '../parameters.ts'
import { type SocketAddress, addressArgument } from './socket-address.ts'

/** `socket.ProxyTypes`. */
export const proxyTypes = { NONE: 0, SOCKS5: 1, HTTP: 2 } as const

/** `ProxyOptions` of a SOCKS5 proxy, checked. */
export interface SocksProxy {
  readonly address: SocketAddress
  /** Absent: the proxy is not offered a login. */
  readonly username: string | undefined
  readonly password: string
}

/**
 * Reads `proxy` of what a socket connects or sends with. Nobody's connection goes past a proxy that it named.
 *
 * @param options what has, or lacks, a member `proxy`
 * @returns undefined without one, and for `ProxyTypes.NONE`
 * @throws BusinessError 401; 801 for a proxy of HTTP
 */
export function readProxyOptions(options: object): SocksProxy | undefined {
  return optionalMember(options, 'proxy', 'options', (value, field) => {
    const proxy = objectParameter(value, field)
    const type: unknown = Reflect.get(proxy, 'type')
    if (type === proxyTypes.NONE) return undefined
    if (type === proxyTypes.HTTP)
      throw businessError(801, { field: `${field}.type`, reason: 'a proxy of HTTP is not provided' })
    if (type !== proxyTypes.SOCKS5) throw parameterError(`${field}.type`, 'is not a socket.ProxyTypes')
    return {
      address: addressArgument(Reflect.get(proxy, 'address'), `${field}.address`),
      username: optionalMember(proxy, 'username', field, textParameter),
      password: optionalMember(proxy, 'password', field, textParameter) ?? '',
    }
  })
}
