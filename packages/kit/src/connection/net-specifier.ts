import { integerParameter, listParameter, objectParameter, optionalMember } from '../parameters.ts'
import type { Net } from './nets.ts'

/** `connection.NetSpecifier`: what a network must be. */
export interface NetSpecifier {
  /** All of these. */
  readonly capabilities: readonly number[]
  /** One of these; empty: any. */
  readonly bearers: readonly number[]
}

/** @throws BusinessError 401 */
export function readSpecifier(value: unknown): NetSpecifier {
  const field = 'netSpecifier.netCapabilities'
  const wanted = objectParameter(
    Reflect.get(objectParameter(value, 'netSpecifier'), 'netCapabilities'),
    field,
  )
  const numbers = (name: string): number[] =>
    optionalMember(wanted, name, field, (list, path) =>
      listParameter(list, path, (element, place) => integerParameter(element, place, 0)),
    ) ?? []
  return { capabilities: numbers('networkCap'), bearers: numbers('bearerTypes') }
}

export function satisfies(net: Net, { capabilities, bearers }: NetSpecifier): boolean {
  return (
    capabilities.every((capability) => net.capabilities.networkCap.includes(capability)) &&
    (bearers.length === 0 || bearers.includes(net.bearer))
  )
}
