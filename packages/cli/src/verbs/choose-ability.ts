import { publicInterface } from '@vpnext/service/protocol'
import type { VarlinkClient } from '@vpnext/varlink'
import type { CliContext } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../cli-failure.ts'

/**
 * The VPN extension a verb means when the command line names only the bundle.
 *
 * @throws CliFailure when the bundle is not installed, or has none or several extensions of type vpn
 */
export async function chooseAbility(
  client: VarlinkClient,
  context: CliContext,
  bundleName: string,
  ability: string | undefined,
): Promise<string> {
  if (ability !== undefined) return ability
  const { bundles } = (await client.call(publicInterface, 'ListBundles', {}, { signal: context.signal }))
    .parameters
  const bundle = bundles.find((candidate) => candidate.bundleName === bundleName)
  if (bundle === undefined) {
    const hint =
      bundles.length === 0 ? 'vpnext install <project> adds one' : 'vpnext list shows what is installed'
    throw new CliFailure(exitCodes.notFound, `no bundle ${bundleName} is installed`, { hint })
  }
  const names = bundle.abilities
    .filter((candidate) => candidate.type === 'vpn')
    .map((candidate) => candidate.name)
  const [only] = names
  if (only === undefined)
    throw new CliFailure(exitCodes.notFound, `${bundleName} has no extension of type vpn`)
  if (names.length > 1) {
    throw new CliFailure(exitCodes.usage, `${bundleName} has several VPN extensions: ${names.join(', ')}`, {
      hint: 'name one after the bundle',
    })
  }
  return only
}
