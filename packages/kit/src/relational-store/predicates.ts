import { integerParameter, listParameter, parameterError, textParameter } from '../parameters.ts'
import type { SqlValue } from './sqlite.ts'
import { sqlValue } from './stored-values.ts'

/** What statements need of predicates. */
export interface PredicateParts {
  readonly table: string
  readonly distinct: boolean
  /** With the word WHERE; empty without conditions. `index` goes before it. */
  readonly where: { readonly sql: string; readonly args: readonly SqlValue[]; readonly index: string }
  /** What only queries have: GROUP BY, HAVING, ORDER BY, LIMIT. */
  readonly rest: { readonly sql: string; readonly args: readonly SqlValue[] }
}

/**
 * `relationalStore.RdbPredicates`: which rows of a table, and in what order. Names of columns go into the statement as they are, as on the device:
 * `T.a` and `count(*)` are names, and one that is a word of SQL needs its quotes.
 */
export class RdbPredicates {
  readonly #table: string
  readonly #args: SqlValue[] = []
  readonly #having: SqlValue[] = []
  readonly #order: string[] = []
  #where = ''
  /** A condition stands last, so the next one needs a word between. */
  #joins = false
  #distinct = false
  #index = ''
  #group = ''
  #limit: number | undefined
  #offset: number | undefined
  #havingText = ''

  /** @throws BusinessError 401 */
  constructor(name: string) {
    this.#table = filled(name, 'name')
  }

  /** For the statements of this kit. */
  parts(): PredicateParts {
    const limit =
      this.#limit === undefined && this.#offset === undefined
        ? ''
        : ` LIMIT ${this.#limit ?? -1}${this.#offset === undefined ? '' : ` OFFSET ${this.#offset}`}`
    const having = this.#havingText === '' ? '' : ` HAVING ${this.#havingText}`
    const order = this.#order.length === 0 ? '' : ` ORDER BY ${this.#order.join(', ')}`
    return {
      table: this.#table,
      distinct: this.#distinct,
      where: {
        sql: this.#where === '' ? '' : ` WHERE ${this.#where}`,
        args: this.#args,
        index: this.#index,
      },
      rest: { sql: `${this.#group}${having}${order}${limit}`, args: this.#having },
    }
  }

  equalTo(field: string, value: unknown): this {
    return this.#condition(`${filled(field, 'field')} = ?`, [value])
  }

  notEqualTo(field: string, value: unknown): this {
    return this.#condition(`${filled(field, 'field')} <> ?`, [value])
  }

  greaterThan(field: string, value: unknown): this {
    return this.#condition(`${filled(field, 'field')} > ?`, [value])
  }

  lessThan(field: string, value: unknown): this {
    return this.#condition(`${filled(field, 'field')} < ?`, [value])
  }

  greaterThanOrEqualTo(field: string, value: unknown): this {
    return this.#condition(`${filled(field, 'field')} >= ?`, [value])
  }

  lessThanOrEqualTo(field: string, value: unknown): this {
    return this.#condition(`${filled(field, 'field')} <= ?`, [value])
  }

  between(field: string, low: unknown, high: unknown): this {
    return this.#condition(`${filled(field, 'field')} BETWEEN ? AND ?`, [low, high])
  }

  notBetween(field: string, low: unknown, high: unknown): this {
    return this.#condition(`${filled(field, 'field')} NOT BETWEEN ? AND ?`, [low, high])
  }

  contains(field: string, value: string): this {
    return this.#condition(`${filled(field, 'field')} LIKE ?`, [`%${textParameter(value, 'value')}%`])
  }

  notContains(field: string, value: string): this {
    return this.#condition(`${filled(field, 'field')} NOT LIKE ?`, [`%${textParameter(value, 'value')}%`])
  }

  beginsWith(field: string, value: string): this {
    return this.#condition(`${filled(field, 'field')} LIKE ?`, [`${textParameter(value, 'value')}%`])
  }

  endsWith(field: string, value: string): this {
    return this.#condition(`${filled(field, 'field')} LIKE ?`, [`%${textParameter(value, 'value')}`])
  }

  like(field: string, value: string): this {
    return this.#condition(`${filled(field, 'field')} LIKE ?`, [textParameter(value, 'value')])
  }

  notLike(field: string, value: string): this {
    return this.#condition(`${filled(field, 'field')} NOT LIKE ?`, [textParameter(value, 'value')])
  }

  glob(field: string, value: string): this {
    return this.#condition(`${filled(field, 'field')} GLOB ?`, [textParameter(value, 'value')])
  }

  isNull(field: string): this {
    return this.#condition(`${filled(field, 'field')} IS NULL`, [])
  }

  isNotNull(field: string): this {
    return this.#condition(`${filled(field, 'field')} IS NOT NULL`, [])
  }

  in(field: string, value: readonly unknown[]): this {
    return this.#list(filled(field, 'field'), 'IN', value)
  }

  notIn(field: string, value: readonly unknown[]): this {
    return this.#list(filled(field, 'field'), 'NOT IN', value)
  }

  /** Between two conditions; conditions that follow each other are joined by AND in any case. */
  and(): this {
    return this
  }

  or(): this {
    if (this.#joins) this.#where += ' OR '
    this.#joins = false
    return this
  }

  beginWrap(): this {
    this.#where += `${this.#joins ? ' AND ' : ''}(`
    this.#joins = false
    return this
  }

  endWrap(): this {
    if (this.#joins) this.#where += ')'
    return this
  }

  orderByAsc(field: string): this {
    this.#order.push(`${filled(field, 'field')} ASC`)
    return this
  }

  orderByDesc(field: string): this {
    this.#order.push(`${filled(field, 'field')} DESC`)
    return this
  }

  distinct(): this {
    this.#distinct = true
    return this
  }

  limitAs(value: number): this {
    this.#limit = integerParameter(value, 'value')
    return this
  }

  offsetAs(rowOffset: number): this {
    this.#offset = integerParameter(rowOffset, 'rowOffset')
    return this
  }

  groupBy(fields: readonly string[]): this {
    const names = listParameter(fields, 'fields', filled)
    if (names.length === 0) throw parameterError('fields', 'is empty')
    this.#group = ` GROUP BY ${names.join(',')}`
    return this
  }

  having(conditions: string, args?: readonly unknown[]): this {
    if (this.#group === '') throw parameterError('conditions', 'stand after groupBy')
    this.#havingText = filled(conditions, 'conditions')
    this.#having.splice(0, Infinity, ...listParameter(args ?? [], 'args', sqlValue))
    return this
  }

  indexedBy(field: string): this {
    this.#index = ` INDEXED BY ${filled(field, 'field')}`
    return this
  }

  /** There are no other devices. */
  inDevices(devices: readonly string[]): this {
    listParameter(devices, 'devices', textParameter)
    return this
  }

  inAllDevices(): this {
    return this
  }

  #list(field: string, word: string, values: readonly unknown[]): this {
    if (!Array.isArray(values)) throw parameterError('value', 'is not a list')
    return this.#condition(`${field} ${word} (${values.map(() => '?').join(',')})`, values)
  }

  #condition(sql: string, args: readonly unknown[]): this {
    const values = args.map((value) => sqlValue(value, 'value'))
    this.#where += `${this.#joins ? ' AND ' : ''}${sql}`
    this.#joins = true
    this.#args.push(...values)
    return this
  }
}

/** A name that says something. */
function filled(value: unknown, field: string): string {
  const text = textParameter(value, field)
  if (text.trim() === '') throw parameterError(field, 'is empty')
  return text
}
