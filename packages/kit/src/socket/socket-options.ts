import { businessError } from '@vpnext/api'

import { parameterError } from './socket-error.ts'

/**
 * Reads an options object.
 *
 * @param known what type each provided option has
 * @returns the given ones
 * @throws BusinessError 401 for a wrong type; 801 for an option that is not provided, because a socket that quietly does
 * without it would surprise
 */
export function optionsArgument<Known extends Readonly<Record<string, 'boolean' | 'number'>>>(
  value: unknown,
  known: Known,
): { [K in keyof Known]?: Known[K] extends 'boolean' ? boolean : number } {
  if (typeof value !== 'object' || value === null) throw parameterError('options', 'is not an object')
  const given: Record<string, unknown> = {}
  for (const [name, option] of Object.entries(value)) {
    if (option === undefined) continue
    const type = known[name]
    if (type === undefined) throw businessError(801, { field: `options.${name}`, reason: 'is not provided' })
    if (typeof option !== type) throw parameterError(`options.${name}`, `is not a ${type}`)
    given[name] = option
  }
  return given as { [K in keyof Known]?: Known[K] extends 'boolean' ? boolean : number }
}
