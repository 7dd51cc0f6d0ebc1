import { SystemError } from '@vpnext/native'
import { type VarlinkClient, connectVarlink } from '@vpnext/varlink'
import { type CliContext, type ServiceOptions, socketPathOf } from './context.ts'
import { exitCodes } from './exit-codes.ts'
import { CliFailure } from './cli-failure.ts'

/**
 * Connects to the service of a run directory.
 *
 * @throws CliFailure with exit code 3 when none answers, 4 when its socket is closed to the caller
 */
export async function connectService(context: CliContext, options: ServiceOptions): Promise<VarlinkClient> {
  const path = socketPathOf(context, options)
  try {
    return await connectVarlink(path, { signal: context.signal })
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    if (error.code === 'EACCES' || error.code === 'EPERM') {
      throw new CliFailure(exitCodes.refused, `the service at ${path} does not let you in`, { cause: error })
    }
    throw new CliFailure(exitCodes.noService, `no service answers at ${path}`, {
      hint: 'start one with `vpnext service run`, or name its --run-dir',
      cause: error,
    })
  }
}
