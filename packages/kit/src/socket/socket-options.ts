import { businessError } from '@vpnext/api'

import { parameterError } from './socket-error.ts'

/** The options of a socket that a caller gave. */
export class GivenOptions {
  readonly #given = new Map<string, boolean | number>()

  /**
   * @param value the argument
   * @param provided what type each option that we have takes
   * @throws BusinessError 401 for a wrong type; 801 for an option that is not provided, because a socket that quietly
   * does without it would surprise
   */
  constructor(value: unknown, provided: Readonly<Record<string, 'boolean' | 'number'>>) {
    if (typeof value !== 'object' || value === null) throw parameterError('options', 'is not an object')
    const entries: [string, unknown][] = Object.entries(value)
    for (const [name, option] of entries) {
      if (option === undefined) continue
      const type = provided[name]
      if (type === undefined)
        throw businessError(801, { field: `options.${name}`, reason: 'is not provided' })
      if ((typeof option !== 'boolean' && typeof option !== 'number') || typeof option !== type) {
        throw parameterError(`options.${name}`, `is not a ${type}`)
      }
      this.#given.set(name, option)
    }
  }

  /** The option, if it was given. */
  boolean(name: string): boolean | undefined {
    const option = this.#given.get(name)
    return typeof option === 'boolean' ? option : undefined
  }

  /** The option, if it was given. */
  number(name: string): number | undefined {
    const option = this.#given.get(name)
    return typeof option === 'number' ? option : undefined
  }
}
