import { publicInterface } from '@vpnext/service/protocol'
import type { VarlinkClient } from '@vpnext/varlink'
import { CliFailure } from '../cli-failure.ts'
import type { CliContext } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import type { WantOptions } from './want-options.ts'

/** Whether a page's process is there when it is started: `aa start -W` of the device tells it in these words. */
export type StartMode = 'Cold' | 'Hot'

/**
 * What a start of a page will be.
 *
 * @param found the ability that is meant, if it is known
 * @throws CliFailure for what `-W` is not for, in the device's words
 */
export async function startMode(
  client: VarlinkClient,
  context: CliContext,
  { bundle, ability }: Pick<WantOptions, 'bundle' | 'ability'>,
  found: { readonly kind: string } | undefined,
): Promise<StartMode> {
  if (ability === undefined)
    throw new CliFailure(exitCodes.usage, 'The wait option does not support starting implict')
  if (found !== undefined && found.kind !== 'page')
    throw new CliFailure(exitCodes.usage, 'The wait option does not support starting non-uiability')
  const { status } = (await client.call(publicInterface, 'GetStatus', {}, { signal: context.signal }))
    .parameters
  const own = process.getuid?.()
  const isThere = status.hosts.some(
    (host) => host.ownerUid === own && host.bundleName === bundle && host.abilityName === ability,
  )
  return isThere ? 'Hot' : 'Cold'
}

/** The lines of `aa start -W`; times in milliseconds. */
export function waitLines(start: {
  readonly mode: StartMode
  readonly bundleName: string
  readonly abilityName: string
  readonly moduleName: string | undefined
  /** From the request to the foreground. */
  readonly totalTime: number
  /** Of the command. */
  readonly waitTime: number
}): string[] {
  const { mode, bundleName, abilityName, moduleName, totalTime, waitTime } = start
  return [
    `StartMode: ${mode}`,
    `BundleName: ${bundleName}`,
    `AbilityName: ${abilityName}`,
    ...(moduleName === undefined ? [] : [`ModuleName: ${moduleName}`]),
    `TotalTime: ${totalTime}`,
    `WaitTime: ${waitTime}`,
  ]
}
