import { isFunction, objectParameter, parameterError } from '../parameters.ts'
import { rpcError } from './rpc-error.ts'

/**
 * Has an object of the application write itself to a message, or read itself from it.
 *
 * @throws BusinessError 401 for what has no such method; 1900012 when it throws or says false
 */
export function callParcelable(value: unknown, name: 'marshalling' | 'unmarshalling', message: object): void {
  const object = objectParameter(value, 'parcelable')
  const method: unknown = Reflect.get(object, name)
  if (!isFunction(method)) throw parameterError('parcelable', `has no method ${name}`)
  let done: unknown
  try {
    done = Reflect.apply(method, object, [message])
  } catch (error) {
    throw rpcError(1900012, `${name} has thrown: ${String(error)}`, error)
  }
  if (done === false) throw rpcError(1900012, `${name} says false`)
}
