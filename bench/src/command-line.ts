/** What `npm run bench --` takes. */
export interface CommandLine {
  readonly json: boolean
  /** Ids of rows, in the order of the table; all when none is named. */
  readonly rows: readonly string[]
}

/** @throws UsageError naming what is not known */
export function readCommandLine(args: readonly string[], known: readonly string[]): CommandLine {
  const named = new Set(args.filter((word) => word !== '--json'))
  const unknown = [...named].find((word) => !known.includes(word))
  if (unknown !== undefined) throw new UsageError(`no such row: ${unknown} (there are ${known.join(', ')})`)
  return { json: args.includes('--json'), rows: known.filter((id) => named.size === 0 || named.has(id)) }
}

/** A command line that cannot be followed; its message is for a person. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError'
}
