import { integerParameter, numberParameter, parameterError, textParameter } from '../parameters.ts'
import type { Rows } from './connection.ts'
import { rdbError } from './rdb-error.ts'
import type { SqlValue } from './sqlite.ts'
import { type Asset, type KitValue, kitValue, unmarked } from './stored-values.ts'

/** `relationalStore.ColumnType`. */
export const columnType = {
  NULL: 0,
  INTEGER: 1,
  REAL: 2,
  TEXT: 3,
  BLOB: 4,
  ASSET: 5,
  ASSETS: 6,
  FLOAT_VECTOR: 7,
  UNLIMITED_INT: 8,
} as const

type Row = Record<string, KitValue>

/** `relationalStore.ResultSet`: what a query has found, all of it, and a place among its rows. */
export class ResultSet {
  readonly #found: Rows
  #row = -1
  #closed = false

  constructor(found: Rows) {
    this.#found = found
  }

  get columnNames(): string[] {
    return [...this.#rows().columns]
  }

  get columnCount(): number {
    return this.#rows().columns.length
  }

  get rowCount(): number {
    return this.#rows().rows.length
  }

  get rowIndex(): number {
    this.#rows()
    return this.#row
  }

  get isAtFirstRow(): boolean {
    return this.rowCount > 0 && this.#row === 0
  }

  get isAtLastRow(): boolean {
    return this.rowCount > 0 && this.#row === this.rowCount - 1
  }

  get isEnded(): boolean {
    return this.rowCount === 0 || this.#row >= this.rowCount
  }

  get isStarted(): boolean {
    this.#rows()
    return this.#row !== -1
  }

  get isClosed(): boolean {
    return this.#closed
  }

  /** @returns -1 for a name that no column has */
  getColumnIndex(columnName: string): number {
    const name = textParameter(columnName, 'columnName')
    const { columns } = this.#rows()
    const exactly = columns.indexOf(name)
    if (exactly !== -1) return exactly
    return columns.findIndex((column) => column.toLowerCase() === name.toLowerCase())
  }

  getColumnName(columnIndex: number): string {
    const index = columnIndexParameter(columnIndex)
    const name = this.#rows().columns[index]
    if (name === undefined) throw rdbError(14800013, `there is no column ${index}`)
    return name
  }

  // oxlint-disable-next-line typescript/require-await
  async getColumnType(columnIdentifier: number | string): Promise<number> {
    return this.getColumnTypeSync(columnIdentifier)
  }

  /** Of the current row's value: SQLite has no other. */
  getColumnTypeSync(columnIdentifier: number | string): number {
    const index =
      typeof columnIdentifier === 'string' ? this.getColumnIndex(columnIdentifier) : columnIdentifier
    return typeOf(this.#value(index))
  }

  goTo(offset: number): boolean {
    return this.#goTo(this.#row + integerParameter(offset, 'offset'))
  }

  goToRow(position: number): boolean {
    return this.#goTo(integerParameter(position, 'position'))
  }

  goToFirstRow(): boolean {
    return this.#goTo(0)
  }

  goToLastRow(): boolean {
    return this.#goTo(this.rowCount - 1)
  }

  goToNextRow(): boolean {
    return this.#goTo(this.#row + 1)
  }

  goToPreviousRow(): boolean {
    return this.#goTo(this.#row - 1)
  }

  getBlob(columnIndex: number): Uint8Array {
    const value = this.#plain(columnIndex)
    if (value === null) return new Uint8Array()
    return value instanceof Uint8Array ? Uint8Array.from(value) : Uint8Array.from(Buffer.from(String(value)))
  }

  getString(columnIndex: number): string {
    const value = this.#value(columnIndex)
    if (value === null) return ''
    if (!(value instanceof Uint8Array)) return String(value)
    const held = unmarked(value)
    if (typeof held === 'bigint') return String(held)
    return Buffer.from(this.#bytes(value)).toString()
  }

  getLong(columnIndex: number): number {
    return Math.trunc(this.getDouble(columnIndex))
  }

  getDouble(columnIndex: number): number {
    const value = this.#plain(columnIndex)
    if (value === null) return 0
    if (typeof value === 'number') return value
    if (typeof value === 'bigint') return Number(value)
    const number = Number.parseFloat(typeof value === 'string' ? value : Buffer.from(value).toString())
    return Number.isNaN(number) ? 0 : number
  }

  getAsset(columnIndex: number): Asset | null {
    const held = this.#marked(columnIndex)
    if (held === null) return null
    if (typeof held === 'object' && !isList(held)) return held
    throw rdbError(14800000, `column ${columnIndex} holds no asset`)
  }

  getAssets(columnIndex: number): readonly Asset[] | null {
    const held = this.#marked(columnIndex)
    if (held === null) return null
    if (typeof held === 'object' && isList(held)) return held
    throw rdbError(14800000, `column ${columnIndex} holds no assets`)
  }

  getValue(columnIndex: number): KitValue {
    return kitValue(this.#value(columnIndex))
  }

  getFloat32Array(columnIndex: number): Float32Array {
    const value = this.#plain(columnIndex)
    if (value instanceof Uint8Array && value.length % 4 === 0)
      return new Float32Array(Uint8Array.from(value).buffer)
    throw rdbError(14800000, `column ${columnIndex} holds no list of floats`)
  }

  getRow(): Row {
    this.#values()
    return this.#rowAt(this.#row)
  }

  /**
   * @param position where to begin; else at the current row, and before the first at the first
   * @returns at most so many rows; the place is behind them then
   */
  // oxlint-disable-next-line typescript/require-await
  async getRows(maxCount: number, position?: number): Promise<Row[]> {
    const most = integerParameter(maxCount, 'maxCount', 1)
    const from =
      position === undefined || position === null
        ? Math.max(this.#row, 0)
        : integerParameter(position, 'position', 0)
    const to = Math.min(from + most, this.rowCount)
    const rows: Row[] = []
    for (let at = from; at < to; at++) rows.push(this.#rowAt(at))
    this.#row = Math.min(Math.max(from, to), this.rowCount)
    return rows
  }

  isColumnNull(columnIndex: number): boolean {
    return this.#value(columnIndex) === null
  }

  close(): void {
    this.#closed = true
  }

  /** @throws BusinessError 14800014 */
  #rows(): Rows {
    if (this.#closed) throw rdbError(14800014, 'the result set is closed')
    return this.#found
  }

  #goTo(row: number): boolean {
    const count = this.rowCount
    this.#row = Math.min(Math.max(row, -1), count)
    return this.#row === row && row >= 0 && row < count
  }

  #values(): readonly SqlValue[] {
    const { rows } = this.#rows()
    const values = rows[this.#row]
    if (values === undefined) throw rdbError(14800012, `row ${this.#row} is none of the ${rows.length} rows`)
    return values
  }

  /** @throws BusinessError 401, 14800012, 14800013 */
  #value(columnIndex: number): SqlValue {
    const index = columnIndexParameter(columnIndex)
    const value = this.#values()[index]
    if (value === undefined) throw rdbError(14800013, `there is no column ${index}`)
    return value
  }

  /** Not what SQLite has no type for. */
  #plain(columnIndex: number): SqlValue {
    const value = this.#value(columnIndex)
    return value instanceof Uint8Array ? this.#bytes(value) : value
  }

  #bytes(value: Uint8Array): Uint8Array {
    if (unmarked(value) !== undefined) throw rdbError(14800000, 'the column holds a value of another type')
    return value
  }

  #marked(columnIndex: number): Asset | readonly Asset[] | bigint | null | undefined {
    const value = this.#value(columnIndex)
    return value instanceof Uint8Array ? unmarked(value) : value === null ? null : undefined
  }

  #rowAt(at: number): Row {
    const { columns, rows } = this.#rows()
    return Object.fromEntries(columns.map((name, index) => [name, kitValue(rows[at]?.[index] ?? null)]))
  }
}

function isList(held: Asset | readonly Asset[]): held is readonly Asset[] {
  return Array.isArray(held)
}

function columnIndexParameter(value: unknown): number {
  const index = numberParameter(value, 'columnIndex')
  if (!Number.isInteger(index)) throw parameterError('columnIndex', 'is not a whole number')
  return index
}

function typeOf(value: SqlValue): number {
  if (value === null) return columnType.NULL
  if (typeof value === 'bigint') return columnType.INTEGER
  if (typeof value === 'number') return Number.isInteger(value) ? columnType.INTEGER : columnType.REAL
  if (typeof value === 'string') return columnType.TEXT
  const held = unmarked(value)
  if (held === undefined) return columnType.BLOB
  if (typeof held === 'bigint') return columnType.UNLIMITED_INT
  return isList(held) ? columnType.ASSETS : columnType.ASSET
}
