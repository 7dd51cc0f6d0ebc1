import type { ApiCall } from '../errors/api-call.ts'
import { limits } from '../limits.ts'
import type { JsonValue, Want } from '../types/want.ts'
import { copyJsonObject } from './copy-json.ts'
import { type Field, parameterError, property, rootField } from './field.ts'
import { arrayOf, numberOf, objectOf, optional, textOf } from './read-field.ts'

/**
 * Copies a Want out of whatever object a program handed in: the known fields only, each read once. `{}` is a Want.
 *
 * @param value anything; proxies and getters may throw
 * @param call chooses the text of the error; both have the same
 * @returns plain JSON that shares nothing with `value`
 * @throws BusinessError 401 with the exact path in `data.field`
 */
export function checkWant(
  value: unknown,
  call: Extract<ApiCall, 'startVpnExtensionAbility' | 'stopVpnExtensionAbility'> = 'startVpnExtensionAbility',
): Want {
  const root = rootField(value, 'want', call)
  const object = objectOf(root)
  const want: Want = {}
  for (const name of [
    'bundleName',
    'abilityName',
    'moduleName',
    'deviceId',
    'uri',
    'type',
    'action',
  ] as const) {
    const text = optional(property(root, object, name), boundedText)
    if (text !== undefined) want[name] = text
  }
  const flags = optional(property(root, object, 'flags'), finiteNumber)
  if (flags !== undefined) want.flags = flags
  const entities = optional(property(root, object, 'entities'), readEntities)
  if (entities !== undefined) want.entities = entities
  const parameters = optional(property(root, object, 'parameters'), readParameters)
  if (parameters !== undefined) want.parameters = parameters
  return want
}

function boundedText(field: Field): string {
  const text = textOf(field)
  if (text.length <= limits.wantTextLength) return text
  throw parameterError(field, `has ${text.length} characters; at most ${limits.wantTextLength} are allowed`)
}

function finiteNumber(field: Field): number {
  const number = numberOf(field)
  if (Number.isFinite(number)) return number
  throw parameterError(field, `must be a finite number, not ${number}`)
}

function readEntities(field: Field): string[] {
  const array = arrayOf(field)
  if (array.length > limits.wantEntities) {
    throw parameterError(field, `has ${array.length} entries; at most ${limits.wantEntities} are allowed`)
  }
  return array.items().map((item) => boundedText(item))
}

function readParameters(field: Field): Record<string, JsonValue> {
  return copyJsonObject(field, {
    values: limits.wantParameterValues,
    depth: limits.wantParameterDepth,
    characters: limits.wantParameterCharacters,
  })
}
