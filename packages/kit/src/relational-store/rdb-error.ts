import { BusinessError, businessError } from '@vpnext/api'
import { errorText } from '@vpnext/native'

/** Codes of relational stores (errorcode-data-rdb of the HarmonyOS documents). */
const messages = {
  14800000: 'Inner error.',
  14800010: 'Failed to open or delete the database by an invalid database path.',
  14800011: 'Failed to open the database because it is corrupted.',
  14800012: 'ResultSet is empty or pointer index is out of bounds.',
  14800013: 'ResultSet is empty or column index is out of bounds.',
  14800014: 'The RdbStore or ResultSet is already closed.',
  14800016: 'The database alias already exists.',
  14800019: 'The SQL must be a query statement.',
  14800021: 'SQLite: Generic error.',
  14800023: 'SQLite: Access permission denied.',
  14800024: 'SQLite: The database file is locked.',
  14800025: 'SQLite: A table in the database is locked.',
  14800026: 'SQLite: The database is out of memory.',
  14800027: 'SQLite: Attempt to write a readonly database.',
  14800028: 'SQLite: Some kind of disk I/O error occurred.',
  14800029: 'SQLite: The database is full.',
  14800030: 'SQLite: Unable to open the database file.',
  14800031: 'SQLite: TEXT or BLOB exceeds size limit.',
  14800032: 'SQLite: Abort due to constraint violation.',
  14800033: 'SQLite: Data type mismatch.',
  14800034: 'SQLite: Library used incorrectly.',
  14800050: 'Failed to obtain the subscription service.',
  14801002: 'Invalid data group ID.',
} as const

type RdbCode = keyof typeof messages

export function rdbError(code: RdbCode, reason: string, cause?: unknown): BusinessError {
  return new BusinessError(code, messages[code], { reason }, cause === undefined ? undefined : { cause })
}

/** What is documented and not there. */
export function rdbUnsupported(field: string, reason: string): BusinessError {
  return businessError(801, { field, reason })
}

/** SQLite's own words for its codes (sqlite3_errstr); the package tells words only. */
const codes: readonly (readonly [RegExp, RdbCode])[] = [
  [/constraint failed/, 14800032],
  [/^database is locked/, 14800024],
  [/^database (table|schema) is locked/, 14800025],
  [/^(file is not a database|database disk image is malformed)/, 14800011],
  [/^access permission denied/, 14800023],
  [/^out of memory/, 14800026],
  [/^attempt to write a readonly database/, 14800027],
  [/^disk I\/O error/, 14800028],
  [/^database or disk is full/, 14800029],
  [/^unable to open database|^Could not open the database/i, 14800030],
  [/^string or blob too big/, 14800031],
  [/^datatype mismatch/, 14800033],
  [/^bad parameter or other API misuse/, 14800034],
]

/** What SQLite and the file system fail with, as the kit's error. BusinessErrors stay what they are. */
export function asRdbError(error: unknown): BusinessError {
  if (error instanceof BusinessError) return error
  const reason = errorText(error)
  if (!isSqliteError(error)) return rdbError(14800000, reason, error)
  return rdbError(codes.find(([words]) => words.test(reason))?.[1] ?? 14800021, reason, error)
}

/** Whether somebody else has the database for now. */
export function isBusy(error: unknown): boolean {
  return isSqliteError(error) && error.message.startsWith('database is locked')
}

function isSqliteError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'SQLite3Error'
}
