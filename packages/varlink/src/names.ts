import type { InterfaceDefinition } from './interface.ts'
import { maxFdsPerMessage } from './limits.ts'
import type { Fields, Schema } from './schema.ts'

/** The name rules of https://varlink.org/Interface-Definition (grammar: interface_name, name, field_name). */
const interfaceName = /^[A-Za-z]([-]*[A-Za-z0-9])*(\.[A-Za-z0-9]([-]*[A-Za-z0-9])*)+$/
const memberName = /^[A-Z][A-Za-z0-9]*$/
const fieldName = /^[A-Za-z](_?[A-Za-z0-9])*$/

/** Throws a TypeError that names the first place in a definition that the grammar does not allow. */
export function checkNames(name: string, definition: InterfaceDefinition): void {
  if (!interfaceName.test(name))
    throw new TypeError(`interface name ${JSON.stringify(name)} is not reverse-DNS`)
  for (const [type, schema] of Object.entries(definition.types ?? {})) {
    checkMember(name, type)
    const kind = schema.shape.kind
    if (kind !== 'struct' && kind !== 'oneOf') {
      throw new TypeError(`${name}.${type}: a named type is a struct or an enumeration, not ${kind}`)
    }
    checkSchema(`${name}.${type}`, schema)
  }
  for (const [method, { in: input, out: output, fdsIn = 0, fdsOut = 0 }] of Object.entries(
    definition.methods,
  )) {
    checkMember(name, method)
    checkFields(`${name}.${method}.in`, input)
    checkFields(`${name}.${method}.out`, output)
    checkCount(`${name}.${method}.fdsIn`, fdsIn)
    checkCount(`${name}.${method}.fdsOut`, fdsOut)
  }
  for (const [error, fields] of Object.entries(definition.errors ?? {})) {
    checkMember(name, error)
    checkFields(`${name}.${error}`, fields)
  }
}

function checkMember(owner: string, name: string): void {
  if (!memberName.test(name)) {
    throw new TypeError(`${owner}: ${JSON.stringify(name)} is not a name of a type, method or error`)
  }
}

function checkFields(place: string, fields: Fields): void {
  for (const [name, schema] of Object.entries(fields)) {
    if (!fieldName.test(name)) throw new TypeError(`${place}: ${JSON.stringify(name)} is not a field name`)
    checkSchema(`${place}.${name}`, schema)
  }
}

function checkSchema(place: string, { shape }: Schema): void {
  switch (shape.kind) {
    case 'string':
    case 'int':
    case 'bool':
    case 'float':
    case 'json':
      return
    case 'oneOf':
      for (const choice of shape.choices) {
        if (!fieldName.test(choice))
          throw new TypeError(`${place}: ${JSON.stringify(choice)} is not an enumeration name`)
      }
      return
    case 'struct':
      checkFields(place, shape.fields)
      return
    case 'maybe':
      if (shape.element.shape.kind === 'maybe') throw new TypeError(`${place}: maybe of maybe`)
      checkSchema(place, shape.element)
      return
    case 'array':
    case 'map':
      checkSchema(place, shape.element)
      return
    default:
      shape satisfies never
  }
}

function checkCount(place: string, count: number): void {
  if (!Number.isInteger(count) || count < 0 || count > maxFdsPerMessage) {
    throw new TypeError(`${place}: ${count} is not a number of descriptors from 0 to ${maxFdsPerMessage}`)
  }
}
