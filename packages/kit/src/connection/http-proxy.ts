import {
  integerParameter,
  listParameter,
  objectParameter,
  optionalMember,
  textParameter,
} from '../parameters.ts'
import { netError } from './net-error.ts'

/** `connection.HttpProxy`. */
export interface HttpProxy {
  readonly host: string
  readonly port: number
  readonly exclusionList: readonly string[]
}

/** None: what the device says when there is no proxy. */
export const noProxy: HttpProxy = { host: '', port: 0, exclusionList: [] }

let ofApplication: HttpProxy = noProxy

/** What `setAppHttpProxy` has said last. */
export function appProxy(): HttpProxy {
  return ofApplication
}

export function setAppProxy(proxy: HttpProxy): void {
  ofApplication = proxy
}

/** @throws BusinessError 401, 2100001 */
export function readHttpProxy(value: unknown): HttpProxy {
  const proxy = objectParameter(value, 'httpProxy')
  const host = textParameter(Reflect.get(proxy, 'host'), 'httpProxy.host')
  const port = integerParameter(Reflect.get(proxy, 'port'), 'httpProxy.port', 0, 65_535)
  const exclusionList = optionalMember(proxy, 'exclusionList', 'httpProxy', (list, field) =>
    listParameter(list, field, textParameter),
  )
  if (/[\s/\0]/.test(host)) throw netError(2100001, 'httpProxy.host is not a name or an address')
  return { host, port, exclusionList: exclusionList ?? [] }
}
