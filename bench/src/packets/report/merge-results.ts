import type { Result } from './result.ts'

/**
 * Runs that were made in pieces, as one: the rows of all, of rows with the same id the last; machine and circumstances of
 * the last.
 *
 * @throws RangeError when there is none
 */
export function mergeResults(results: readonly Result[]): Result {
  const last = results.at(-1)
  if (last === undefined) throw new RangeError('no results')
  const rows = new Map(results.flatMap((result) => result.rows.map((row) => [row.id, row] as const)))
  return { ...last, rows: [...rows.values()] }
}
