import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Lab, type Namespace, settleAddresses } from '@vpnext/lab'
import {
  type ApplicationKnowledge,
  createTunnel,
  type CreateTunnelOptions,
  defaultSettings,
  type Journal,
  type NetworkSettings,
  type NetworkSnapshot,
  openJournal,
  needsApplicationFacts,
  planTunnel,
  readApplicationFacts,
  readKernelFacts,
  takeSnapshot,
  type Tunnel,
  type TunnelPlan,
} from '../src/index.ts'
import type { TunnelRequest } from '../src/plan/request.ts'
import { type ConfigInWords, requestFor } from './sample-plan.ts'

/** A machine to make tunnels on: the lab's client, with a journal and a resolv.conf of its own. Disposing it destroys them. */
export interface Machine extends AsyncDisposable {
  readonly directory: string
  readonly settings: NetworkSettings
  readonly journal: Journal
  snapshot(): NetworkSnapshot
  plan(words: ConfigInWords, overrides?: Partial<TunnelRequest>): TunnelPlan
  create(
    words: ConfigInWords,
    overrides?: Partial<TunnelRequest>,
    options?: Partial<CreateTunnelOptions>,
  ): Promise<Tunnel>
  destroy(tunnel: Tunnel): Promise<void>
}

export const originalResolvConf = "# the machine's own\nnameserver 10.77.1.1\n"

export function machineIn(
  lab: Pick<Lab, 'client'>,
  overrides: Partial<NetworkSettings> = {},
  knowledge: ApplicationKnowledge = {},
): Machine {
  const directory = mkdtempSync(join(tmpdir(), 'vpnext-network-'))
  const resolvConf = join(directory, 'resolv.conf')
  writeFileSync(resolvConf, originalResolvConf)
  // Control groups are the machine's, so the instance is this process's own.
  const own = { instance: `network-${process.pid}`, nftTable: 'vpnext' }
  const settings = defaultSettings({
    resolvConf,
    ...(overrides.instance === undefined ? own : {}),
    ...overrides,
  })
  const journal = openJournal(join(directory, 'journal'), settings)
  const { client } = lab
  const tunnels: Tunnel[] = []
  const plan: Machine['plan'] = (words, request) => {
    const facts = readKernelFacts(settings)
    const wanted = requestFor(words, request)
    if (!needsApplicationFacts(wanted)) return planTunnel(wanted, settings, facts)
    return planTunnel(wanted, settings, facts, readApplicationFacts(journal, settings, knowledge))
  }
  const destroy = (tunnel: Tunnel): Promise<void> => inside(client, () => tunnel.destroy())
  return {
    directory,
    settings,
    journal,
    snapshot: () => client.run(() => takeSnapshot(settings)),
    create: async (words, request, options) => {
      const tunnel = await inside(client, () => createTunnel(plan(words, request), { journal, ...options }))
      tunnels.push(tunnel)
      await settleAddresses(client, { link: tunnel.plan.interfaceName })
      return tunnel
    },
    plan: (words, request) => client.run(() => plan(words, request)),
    destroy,
    async [Symbol.asyncDispose]() {
      for (const tunnel of tunnels) await destroy(tunnel)
      rmSync(directory, { recursive: true })
    },
  }
}

/**
 * Calls an asynchronous function inside a namespace. Only what it does before its first `await` happens there, which for
 * small tunnels is everything.
 */
export function inside<T>(namespace: Namespace, start: () => Promise<T>): Promise<T> {
  // Wrapped, because a namespace takes no action that returns a promise.
  return namespace.run(() => ({ started: start() })).started
}
