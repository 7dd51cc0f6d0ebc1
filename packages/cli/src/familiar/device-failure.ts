import { CliFailure, explainFailure } from '../failure.ts'
import { exitCodes } from '../exit-codes.ts'
import { businessErrorOf } from '../service-errors.ts'

/** What `aa` calls 16000001, "The specified ability does not exist."; other errors keep their codes. */
const noSuchAbility = 10104001

/**
 * Runs a verb of the device's shell: what it fails with is told in the device's words, with the reason below.
 *
 * @param failed e.g. `error: failed to start ability.`
 * @throws CliFailure whose text begins with `failed`; faults of ours as they are
 */
export async function inDeviceWords<T>(failed: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    const failure = explainFailure(error)
    if (failure === undefined || failure.exitCode === exitCodes.noService) throw error
    const business = businessErrorOf(error)
    const lines = [failed]
    if (business === undefined) lines.push(failure.message)
    else {
      const { message } = business
      const code = business.code === 16000001 ? noSuchAbility : business.code
      lines.push(`Error Code:${code}  Error Message:${message}`)
      const cause = [business.field, business.reason].filter((part) => part !== undefined).join(' ')
      if (cause !== '') lines.push(`Error cause: ${cause}`)
    }
    if (failure.hint !== undefined) lines.push(`Suggestion: ${failure.hint}`)
    throw new CliFailure(failure.exitCode, lines.join('\n'), {
      details: failure.details,
      cause: error,
      plain: true,
    })
  }
}
