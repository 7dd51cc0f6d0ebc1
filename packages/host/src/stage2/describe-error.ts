import { inspect } from 'node:util'

import { authorsStack } from './stacks.ts'

/** An error in one line: what it says, and what a BusinessError says more. Never throws. */
export function shortText(error: unknown): string {
  return described(() => {
    if (!(error instanceof Error)) return inspect(error, { depth: 1 })
    return `${error.name}: ${error.message}${detailText(error)}`
  })
}

/** An error with its stack, in which source maps have put the lines of the author's files, and little of vpnext's own. Never throws. */
export function longText(error: unknown): string {
  return described(() => {
    if (!(error instanceof Error)) return `thrown: ${inspect(error)}`
    const { stack } = error
    const told = stack === undefined ? shortText(error) : authorsStack(stack, error.name === 'BusinessError')
    return `${told}${detailText(error)}`
  })
}

/** Code of the extension runs while its error is looked at: getters, proxies. What throws there would end the process. */
function described(describe: () => string): string {
  try {
    return describe()
  } catch {
    return 'an error that throws when it is looked at'
  }
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
