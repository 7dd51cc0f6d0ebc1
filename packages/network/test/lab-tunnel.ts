import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLab, type Lab, type Namespace } from '@vpnext/lab'
import {
  createTunnel,
  type CreateTunnelOptions,
  defaultSettings,
  type Journal,
  type NetworkSettings,
  type NetworkSnapshot,
  openJournal,
  planTunnel,
  readKernelFacts,
  repair,
  type RepairReport,
  takeSnapshot,
  type Tunnel,
} from '../src/index.ts'
import type { TunnelRequest } from '../src/plan/request.ts'
import { type ConfigInWords, requestFor } from './sample-plan.ts'

/** A machine to make tunnels on: the lab's client, with a journal and a resolv.conf of its own. */
export interface Machine extends Disposable {
  readonly directory: string
  readonly settings: NetworkSettings
  readonly journal: Journal
  snapshot(): NetworkSnapshot
  create(
    words: ConfigInWords,
    overrides?: Partial<TunnelRequest>,
    options?: Partial<CreateTunnelOptions>,
  ): Promise<Tunnel>
  destroy(tunnel: Tunnel): Promise<void>
  repair(): Promise<RepairReport>
}

export const originalResolvConf = '# the machine\'s own\nnameserver 10.77.1.1\n'

export function machineIn(lab: Pick<Lab, 'client'>, overrides: Partial<NetworkSettings> = {}): Machine {
  const directory = mkdtempSync(join(tmpdir(), 'vpnext-network-'))
  const resolvConf = join(directory, 'resolv.conf')
  writeFileSync(resolvConf, originalResolvConf)
  const settings = defaultSettings({ resolvConf, ...overrides })
  const journal = openJournal(join(directory, 'journal'), settings)
  const { client } = lab
  return {
    directory,
    settings,
    journal,
    snapshot: () => client.run(() => takeSnapshot(settings)),
    create: (words, request, options) =>
      inside(client, () => {
        const plan = planTunnel(requestFor(words, request), settings, readKernelFacts(settings))
        return createTunnel(plan, { journal, ...options })
      }),
    destroy: (tunnel) => inside(client, () => tunnel.destroy()),
    repair: () => inside(client, () => repair(journal, settings)),
    [Symbol.dispose]: () => rmSync(directory, { recursive: true }),
  }
}

/**
 * Calls an asynchronous function inside a namespace. Only what it does before its first `await` happens there, which for
 * small tunnels is everything.
 */
export function inside<T>(namespace: Namespace, start: () => Promise<T>): Promise<T> {
  return namespace.run(() => [start()])[0] as Promise<T>
}

/** A lab whose client has its link-local address, which the kernel gives up to a second after the link is up. */
export async function createSettledLab(): Promise<Lab> {
  const lab = await createLab()
  const isSettled = (): boolean => {
    using netlink = lab.client.rtnetlink()
    return netlink.addresses().some(({ address }) => address.startsWith('fe80:'))
  }
  while (!isSettled()) await new Promise((resolve) => setTimeout(resolve, 20))
  return lab
}
