import { fileURLToPath } from 'node:url'
import { memfdSealed } from '@vpnext/native'
import { publicInterface, type tunnelInfo } from '@vpnext/service/protocol'
import type { Infer, VarlinkClient } from '@vpnext/varlink'
import { parseReport, type TunnelReport } from './tunnel-report.ts'

/** The bundle of `apps/wireguard`. */
export const wireGuardBundle = 'io.vpnext.wireguard'
const abilityName = 'WireGuardAbility'
const project = fileURLToPath(new URL('../../../../apps/wireguard', import.meta.url))
const reportName = 'status'

/** A tunnel of the WireGuard extension: as the extension tells, and as the service has it. */
export interface RunningTunnel {
  readonly report: TunnelReport
  readonly tunnel: Infer<typeof tunnelInfo> | undefined
}

/** The user's WireGuard extension, through the service. */
export class WireGuardExtension {
  readonly #client: VarlinkClient
  readonly #signal: AbortSignal

  constructor(client: VarlinkClient, signal: AbortSignal) {
    this.#client = client
    this.#signal = signal
  }

  /** Compiles and installs the extension; nothing happens when it is there already. */
  async install(): Promise<void> {
    const { compileArchive } = await import('../harmony-project.ts')
    const { archive } = await compileArchive(project, this.#signal)
    using file = memfdSealed('vpnext-bundle', archive)
    await this.#client.call(publicInterface, 'Install', {}, { signal: this.#signal, fds: [file] })
  }

  async storeProfile(name: string, bytes: Uint8Array): Promise<void> {
    using profile = memfdSealed('vpnext-profile', bytes)
    const parameters = { bundleName: wireGuardBundle, name }
    await this.#client.call(publicInterface, 'StoreProfile', parameters, {
      signal: this.#signal,
      fds: [profile],
    })
  }

  /** Whether the administrator lets commands in profiles run. */
  async mayRunCommands(): Promise<boolean> {
    const parameters = { bundleName: wireGuardBundle }
    const options = { signal: this.#signal }
    return (await this.#client.call(publicInterface, 'MayRunCommands', parameters, options)).parameters
      .allowed
  }

  /** Works after an interruption too. @returns false when there was none */
  async removeProfile(name: string): Promise<boolean> {
    const parameters = { bundleName: wireGuardBundle, name }
    return (await this.#client.call(publicInterface, 'RemoveProfile', parameters)).parameters.removed
  }

  /** @param parameters of the want; the profile's name, never a key */
  async start(parameters: object, signal: AbortSignal = this.#signal): Promise<void> {
    const want = { bundleName: wireGuardBundle, abilityName, parameters }
    await this.#client.call(publicInterface, 'StartAbility', { want }, { signal })
  }

  /** Works after an interruption too. */
  async stop(): Promise<void> {
    const want = { bundleName: wireGuardBundle, abilityName }
    await this.#client.call(publicInterface, 'StopAbility', { want })
  }

  /** Whether the bundle is installed for this user. */
  async isInstalled(): Promise<boolean> {
    const { parameters } = await this.#client.call(
      publicInterface,
      'ListBundles',
      {},
      { signal: this.#signal },
    )
    return parameters.bundles.some(
      ({ bundleName, ownerUid }) => bundleName === wireGuardBundle && isOwn(ownerUid),
    )
  }

  /** What runs now; undefined when nothing does. The extension is asked to tell anew. */
  async look(): Promise<RunningTunnel | undefined> {
    const signal = this.#signal
    const { status } = (await this.#client.call(publicInterface, 'GetStatus', {}, { signal })).parameters
    const isOurs = ({ bundleName, ownerUid }: { bundleName: string; ownerUid: number }): boolean =>
      bundleName === wireGuardBundle && isOwn(ownerUid)
    if (!status.hosts.some((host) => isOurs(host) && host.state === 'running')) return undefined
    await this.start({ report: true })
    const parameters = { bundleName: wireGuardBundle, name: reportName }
    const { text } = (await this.#client.call(publicInterface, 'ReadReport', parameters, { signal }))
      .parameters
    if (text === undefined) return undefined
    return {
      report: parseReport(text),
      tunnel: status.tunnels.find((tunnel) => isOurs(tunnel) && tunnel.closed === undefined),
    }
  }
}

/** Root sees everybody's. */
function isOwn(ownerUid: number): boolean {
  return ownerUid === process.getuid?.()
}
