import { CliFailure } from '../cli-failure.ts'
import { explainFailure } from '../failure.ts'
import { exitCodes } from '../exit-codes.ts'
import { businessErrorOf } from '../service-errors.ts'
import { type DeviceCode, type DeviceCodes, deviceCodeOf, noAbilityService } from './device-codes.ts'

/** A failure that a program of the device has a code for. */
export class DeviceFailure extends CliFailure {
  readonly device: DeviceCode

  constructor(exitCode: CliFailure['exitCode'], device: DeviceCode, reason: string) {
    super(exitCode, reason)
    this.device = device
  }
}

/**
 * Runs a verb of the device's shell: what it fails with is told in the device's words, with the reason below.
 *
 * @param failed e.g. `error: failed to start ability.`
 * @param codes what the verb says for some errors in place of `aa`'s own words
 * @throws CliFailure whose text begins with `failed`; faults of ours as they are
 */
export async function inDeviceWords<T>(
  failed: string,
  action: () => Promise<T>,
  codes: DeviceCodes = {},
): Promise<T> {
  try {
    return await action()
  } catch (error) {
    const failure = explainFailure(error)
    if (failure === undefined) throw error
    const lines = [failed, ...wordsFor(error, failure, failed, codes)]
    if (failure.hint !== undefined) lines.push(`Suggestion: ${failure.hint}`)
    throw new CliFailure(failure.exitCode, lines.join('\n'), {
      details: failure.details,
      cause: error,
      plain: true,
    })
  }
}

function wordsFor(error: unknown, failure: CliFailure, failed: string, codes: DeviceCodes): string[] {
  // `bm` has a form of its own.
  if (/bundle|information/.test(failed)) return bundleWords(failure)
  const business = businessErrorOf(error)
  if (business !== undefined) {
    const cause = [business.field, business.reason].filter((part) => part !== undefined).join(' ')
    return codeWords(deviceCodeOf(business, codes), cause)
  }
  if (failure instanceof DeviceFailure) return codeWords(failure.device, failure.message)
  if (failure.exitCode === exitCodes.noService) return codeWords(noAbilityService, failure.message)
  return [failure.message]
}

function codeWords({ code, message }: DeviceCode, cause: string): string[] {
  const words = `Error Code:${code}  Error Message:${message}`
  return cause === '' ? [words] : [words, `Error cause: ${cause}`]
}

function bundleWords(failure: CliFailure): string[] {
  if (!(failure instanceof DeviceFailure)) return [failure.message]
  return [`code:${failure.device.code}`, `error: ${failure.device.message}`]
}
