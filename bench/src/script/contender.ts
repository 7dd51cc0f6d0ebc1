import { join } from 'node:path'
import { diffSnapshots } from '@vpnext/network'
import type { Site } from '../site/site.ts'
import { type KernelScript, writeKernelScript } from './kernel-script.ts'
import { recordState } from './recorded-state.ts'

/**
 * The script that makes what our `create` makes, and the proof: the tunnel is made once by us and once by the script, and
 * both times the whole network of the client is the same, and as before once it is gone.
 *
 * @param name of its folder
 * @param create leaves the tunnel up
 * @param destroy removes it
 * @throws Error with what differs
 */
export async function scriptLike(
  site: Site,
  name: string,
  create: () => Promise<unknown>,
  destroy: () => Promise<unknown>,
): Promise<KernelScript> {
  const { settings, shell, lab } = site
  const before = site.snapshot()
  await create()
  const ours = site.snapshot()
  if (diffSnapshots(before, ours).length === 0) throw new Error(`${name}: create made nothing`)
  const state = recordState(lab.client, settings, before, ours)
  await destroy()
  expectNone(`${name}: our destroy leaves something`, diffSnapshots(before, site.snapshot()))
  const script = writeKernelScript(join(site.folder, name), state, settings.resolvConf)
  await shell.time(script.up)
  expectNone(
    `${name}: the script makes another state than create`,
    diffSnapshots(ours, site.snapshot()).filter((line) => !ofCarrier.test(line)),
  )
  await shell.time(script.down)
  expectNone(`${name}: the script leaves something`, diffSnapshots(before, site.snapshot()))
  return script
}

/**
 * The kernel adds it to a device with IPv6 once there is a carrier, which a TUN has while somebody holds its descriptor.
 * After a script nobody does.
 */
const ofCarrier = /^[-+] routes: .*"destination":"ff00::\/8".*"type":"multicast"/

function expectNone(what: string, found: readonly string[]): void {
  if (found.length > 0) throw new Error([`${what}:`, ...found.slice(0, 10)].join('\n  '))
}
