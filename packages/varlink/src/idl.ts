import type { AnyInterface, MethodDefinition } from './interface.ts'
import type { Fields, Schema } from './schema.ts'

/** The names of the schemas under `types`, found again by identity. */
type TypeNames = ReadonlyMap<Schema, string>

/**
 * The Varlink interface text (https://varlink.org/Interface-Definition) of an interface, as
 * `org.varlink.service.GetInterfaceDescription` returns it: comments, types, methods, errors, each in the order of the
 * definition. Descriptors are outside Varlink's grammar and appear as comments.
 */
export function describeInterface(iface: AnyInterface): string {
  const { doc, types = {}, methods, errors = {} } = iface.definition
  const names: TypeNames = new Map(Object.entries(types).map(([name, schema]) => [schema, name]))
  const sections = [`${comment(doc)}interface ${iface.name}`]
  for (const [name, schema] of Object.entries(types)) sections.push(`type ${name} ${inline(schema, names)}`)
  for (const [name, method] of Object.entries(methods)) {
    const signature = `${fieldList(method.in, names)} -> ${fieldList(method.out, names)}`
    sections.push(`${comment(method.doc)}${comment(remarks(method))}method ${name}${signature}`)
  }
  for (const [name, fields] of Object.entries(errors))
    sections.push(`error ${name} ${fieldList(fields, names)}`)
  return `${sections.join('\n\n')}\n`
}

function comment(text = ''): string {
  if (text === '') return ''
  return `${text
    .split('\n')
    .map((line) => `# ${line}`.trimEnd())
    .join('\n')}\n`
}

function remarks({ more, fdsIn = 0, fdsOut = 0 }: MethodDefinition): string {
  const lines = []
  if (more === true) lines.push("[Supports 'more']")
  if (fdsIn > 0) lines.push(`[Takes up to ${fdsIn} file descriptors]`)
  if (fdsOut > 0) lines.push(`[Returns up to ${fdsOut} file descriptors]`)
  return lines.join('\n')
}

function fieldList(fields: Fields, names: TypeNames): string {
  const list = Object.entries(fields).map(([name, schema]) => `${name}: ${reference(schema, names)}`)
  const flat = `(${list.join(', ')})`
  return flat.length <= 90 ? flat : `(\n  ${list.join(',\n  ')}\n)`
}

function reference(schema: Schema, names: TypeNames): string {
  return names.get(schema) ?? inline(schema, names)
}

function inline({ shape }: Schema, names: TypeNames): string {
  switch (shape.kind) {
    case 'string':
    case 'int':
    case 'bool':
    case 'float':
      return shape.kind
    case 'json':
      return 'object'
    case 'oneOf':
      return `(${shape.choices.join(', ')})`
    case 'array':
      return `[]${reference(shape.element, names)}`
    case 'map':
      return `[string]${reference(shape.element, names)}`
    case 'maybe':
      return `?${reference(shape.element, names)}`
    case 'struct':
      return fieldList(shape.fields, names)
    default:
      return shape satisfies never
  }
}
