import { type Address, addressWidth, firstAddress, lastAddress, makePrefix, parseAddress } from '@vpnext/ip'
import type { LinkAddress, NetAddress, RouteInfo } from '../types/net-address.ts'
import { type Field, parameterError, property, shown, withoutPrototype } from './field.ts'
import { booleanOf, numberOf, objectOf, optional, textOf } from './read-field.ts'

/** One of `config.addresses`. @throws BusinessError 401 */
export function readAddress(field: Field): LinkAddress {
  const object = objectOf(field)
  const { net, parsed } = readHost(property(field, object, 'address'))
  const lengthField = property(field, object, 'prefixLength')
  const prefixLength = readPrefixLength(lengthField, parsed, 1)
  if (parsed.family === 4 && prefixLength < 32) {
    if (prefixLength === 31) {
      throw parameterError(lengthField, 'an IPv4 subnet of 31 bits has no host address here', 'use 32')
    }
    const subnet = makePrefix(parsed, prefixLength)
    if (parsed.value === firstAddress(subnet).value || parsed.value === lastAddress(subnet).value) {
      const path = `${field.path}.address.address`
      throw parameterError(
        { path, call: field.call },
        `${shown(net.address)} is the network or broadcast address of its /${prefixLength} subnet`,
        'use a host address of the subnet, or prefixLength 32',
      )
    }
  }
  return { address: net, prefixLength }
}

/** One of `config.routes`. @throws BusinessError 401 */
export function readRoute(field: Field): RouteInfo {
  const object = objectOf(field)
  const name = optional(property(field, object, 'interface'), textOf) ?? ''
  const destinationField = property(field, object, 'destination')
  const destination = objectOf(destinationField)
  const { net, parsed } = readHost(property(destinationField, destination, 'address'))
  const lengthField = property(destinationField, destination, 'prefixLength')
  const prefixLength = optional(lengthField, (given) => readPrefixLength(given, parsed, 0)) ?? 0
  const gateway = readGateway(property(field, object, 'gateway'))
  const hasGateway = optional(property(field, object, 'hasGateway'), booleanOf) ?? false
  const isDefaultRoute = optional(property(field, object, 'isDefaultRoute'), booleanOf) ?? false
  const isExcludedRoute = optional(property(field, object, 'isExcludedRoute'), booleanOf) ?? false
  return {
    interface: name,
    destination: { address: net, prefixLength },
    gateway,
    hasGateway,
    isDefaultRoute,
    isExcludedRoute,
  }
}

/** The address of a text that is required to be one. @throws BusinessError 401 */
export function parseRequired(text: string, field: Pick<Field, 'path' | 'call'>): Address {
  const parsed = parseAddress(text)
  if (parsed !== undefined) return parsed
  if (text === '') throw parameterError(field, 'is empty')
  throw parameterError(
    field,
    `${shown(text)} is not an IPv4 or IPv6 address`,
    'write the address alone: no zone, no port, no prefix length',
  )
}

function readHost(field: Field): { net: NetAddress; parsed: Address } {
  const object = objectOf(field)
  const textField = property(field, object, 'address')
  const address = textOf(textField)
  const parsed = parseRequired(address, textField)
  return { net: withoutPrototype({ address, ...readFamilyAndPort(field, object) }), parsed }
}

/** The gateway must be there, its text need not. */
function readGateway(field: Field): NetAddress {
  const object = objectOf(field)
  const address = optional(property(field, object, 'address'), textOf) ?? ''
  return withoutPrototype({ address, ...readFamilyAndPort(field, object) })
}

/** Explicit `undefined` counts as absent for the port, and is refused for the family, as on the device. */
function readFamilyAndPort(field: Field, object: object): Pick<NetAddress, 'family' | 'port'> {
  const familyField = property(field, object, 'family')
  const family = familyField.present ? numberOf(familyField) : undefined
  if (family !== undefined && family !== 1 && family !== 2) {
    throw parameterError(familyField, `must be 1 (IPv4) or 2 (IPv6), not ${family}`)
  }
  const port = optional(property(field, object, 'port'), numberOf)
  return { ...(family === undefined ? {} : { family }), ...(port === undefined ? {} : { port }) }
}

function readPrefixLength(field: Field, address: Address, least: 0 | 1): number {
  const length = numberOf(field)
  const most = addressWidth(address.family)
  if (!Number.isInteger(length) || length < least || length > most) {
    throw parameterError(field, `must be a whole number from ${least} to ${most}, not ${length}`)
  }
  return length
}
