import { inspect } from 'node:util'

/** An error in one line: what it says, and what a BusinessError says more. */
export function shortText(error: unknown): string {
  if (!(error instanceof Error)) return inspect(error, { depth: 1 })
  return `${error.name}: ${error.message}${detailText(error)}`
}

/** An error with its stack, in which source maps have put the lines of the author's files. */
export function longText(error: unknown): string {
  if (!(error instanceof Error)) return `thrown: ${inspect(error)}`
  return `${error.stack ?? shortText(error)}${detailText(error)}`
}

function detailText(error: Error): string {
  const data: unknown = 'data' in error ? error.data : undefined
  const code: unknown = 'code' in error ? error.code : undefined
  const parts = [
    ...(typeof code === 'number' ? [`code ${code}`] : []),
    ...(typeof data === 'object' && data !== null ? Object.values(data).map(String) : []),
  ]
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`
}
