import { memfdSealed } from '@vpnext/native'
import { type bundleInfo, publicInterface } from '@vpnext/service/protocol'
import type { Infer } from '@vpnext/varlink'
import { connectService } from '../connect.ts'
import type { CliContext, ServiceOptions } from '../context.ts'

/** What the service made of an archive. */
export interface HandedOver {
  readonly bundle: Infer<typeof bundleInfo>
  readonly done: 'installed' | 'replaced' | 'unchanged'
}

/** Has the service install an archive. @throws CliFailure as {@link connectService}; what the service answers */
export async function handOver(
  context: CliContext,
  options: ServiceOptions,
  archive: Uint8Array,
): Promise<HandedOver> {
  await using client = await connectService(context, options)
  using file = memfdSealed('vpnext-bundle', archive)
  const askedAt = Date.now()
  const { parameters } = await client.call(
    publicInterface,
    'Install',
    {},
    { signal: context.signal, fds: [file] },
  )
  const { bundle, replaced } = parameters
  const done = replaced ? 'replaced' : bundle.installedAt < askedAt ? 'unchanged' : 'installed'
  return { bundle, done }
}
