import { type abilityInfo, publicInterface } from '@vpnext/service/protocol'
import type { Infer, VarlinkClient } from '@vpnext/varlink'
import type { CliContext } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { nothingToStart } from './device-codes.ts'
import { DeviceFailure } from './device-failure.ts'

type AbilityInfo = Infer<typeof abilityInfo>

/**
 * The ability that a command line names. Without a name: the bundle's first page, else its first VPN extension.
 *
 * @returns undefined when it cannot be looked up: then the service says why it cannot be started
 * @throws DeviceFailure when the bundle has neither
 */
export async function findAbility(
  client: VarlinkClient,
  context: CliContext,
  { bundle, ability, module }: { bundle: string; ability?: string; module?: string },
): Promise<AbilityInfo | undefined> {
  const { bundles } = (await client.call(publicInterface, 'ListBundles', {}, { signal: context.signal }))
    .parameters
  const own = process.getuid?.()
  const named = bundles.filter(({ bundleName }) => bundleName === bundle)
  const installed = named.find(({ ownerUid }) => ownerUid === own) ?? named[0]
  if (installed === undefined) return undefined
  const abilities = installed.abilities.filter((each) => module === undefined || each.moduleName === module)
  if (ability !== undefined) return abilities.find(({ name }) => name === ability)
  const first = abilities.find(({ kind }) => kind === 'page') ?? abilities.find(({ type }) => type === 'vpn')
  if (first !== undefined) return first
  throw new DeviceFailure(
    exitCodes.notFound,
    nothingToStart,
    `${bundle} has neither a page nor a VPN extension`,
  )
}
