import { SystemError } from '@vpnext/native'
import { connectVarlink } from '@vpnext/varlink'
import { type CliContext, socketPathOf } from '../context.ts'
import type { Check } from './check.ts'

/** Whether a service answers in the run directory. */
export async function checkService(
  context: CliContext,
  options: { readonly runDir?: string },
): Promise<Check> {
  const name = 'service'
  const path = socketPathOf(context, options)
  try {
    await using _client = await connectVarlink(path, { signal: context.signal })
    return { name, state: { kind: 'fine', detail: `answers at ${path}` } }
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    const remedy = 'vpnext service run'
    return { name, state: { kind: 'lacking', detail: `none at ${path} (${error.code})`, remedy } }
  }
}
