/**
 * An extension that sends whole tables of configs through `VpnConnection.create`. It is bundled together with the tables of
 * `packages/api/test`, because half of their values (undefined, NaN, functions) would not survive a Want.
 */
import { VpnExtensionAbility, vpnExtension } from '@kit.NetworkKit'
import { hilog } from '@kit.PerformanceAnalysisKit'
import * as fc from 'fast-check'

import { validConfig } from '../../../api/test/configs.ts'
import { mutated, mutationsOf } from '../../../api/test/mutations.ts'
import { addressVectors } from '../../../api/test/vectors/address-vectors.ts'
import { optionVectors } from '../../../api/test/vectors/option-vectors.ts'
import { routeVectors } from '../../../api/test/vectors/route-vectors.ts'

/** What the want's parameters ask for. */
export type Task =
  | { readonly task: 'vectors' }
  | { readonly task: 'broken'; readonly seed: number; readonly count: number }
  | { readonly task: 'create'; readonly config: object }
  /** As much as is allowed, and one more in the list that `above` names. */
  | { readonly task: 'limit'; readonly above?: string }
  | { readonly task: 'destroy' }

const tell = (text: string): void => hilog.info(1, 'result', '%{public}s', text)

export default class ConfigDriver extends VpnExtensionAbility {
  readonly #vpn = vpnExtension.createVpnConnection(this.context)

  override async onRequest(want: { parameters?: object }): Promise<void> {
    const task = (want.parameters ?? {}) as Task | { task?: undefined }
    switch (task.task) {
      case 'vectors':
        return await this.#vectors()
      case 'broken':
        return await this.#broken(task.seed, task.count)
      case 'create':
        return tell(`create ${JSON.stringify(await this.#outcome(task.config))}`)
      case 'limit':
        return tell(`create ${JSON.stringify(await this.#outcome(largestConfig(task.above)))}`)
      case 'destroy':
        await this.#vpn.destroy()
        return tell('destroyed')
      case undefined:
        return
    }
  }

  /** Every row of oracle 1.5.1 with our decision; what is created is destroyed again. */
  async #vectors(): Promise<void> {
    const vectors = [...addressVectors, ...routeVectors, ...optionVectors]
    let wrong = 0
    for (const { name, config, expected } of vectors) {
      const outcome = await this.#outcome(config)
      if (outcome === 'ok') await this.#vpn.destroy((config as { vpnId?: string }).vpnId ?? '')
      if (JSON.stringify(outcome) === JSON.stringify(expected)) continue
      wrong += 1
      tell(`wrong ${name}: ${JSON.stringify(outcome)} instead of ${JSON.stringify(expected)}`)
    }
    tell(`vectors ${vectors.length} wrong ${wrong}`)
  }

  /** Generated configs, each with one fault, which the error must name. */
  async #broken(seed: number, count: number): Promise<void> {
    const perConfig = 20
    let wrong = 0
    for (const [number, config] of fc.sample(validConfig, { seed, numRuns: count / perConfig }).entries()) {
      const mutations = mutationsOf(config)
      const picks = fc.sample(fc.nat(mutations.length - 1), { seed: seed + number, numRuns: perConfig })
      for (const pick of picks) {
        const mutation = mutations[pick]
        if (mutation === undefined) continue
        const outcome = await this.#outcome(mutated(config, mutation))
        const expected = { code: mutation.code, field: mutation.path }
        if (JSON.stringify(outcome) === JSON.stringify(expected)) continue
        wrong += 1
        tell(`wrong ${mutation.path} = ${String(mutation.value)}: ${JSON.stringify(outcome)}`)
      }
    }
    tell(`broken ${seed} wrong ${wrong}`)
  }

  async #outcome(config: unknown): Promise<'ok' | { code: unknown; field: unknown; reason?: unknown }> {
    try {
      await Reflect.apply(Reflect.get(this.#vpn, 'create'), this.#vpn, [config])
      return 'ok'
    } catch (error) {
      const { code, data } = error as { code?: unknown; data?: { field?: unknown } }
      return { code, field: data?.field }
    }
  }
}

function largestConfig(above: string | undefined): object {
  const list = <T>(field: string, limit: number, item: (index: number) => T): T[] =>
    Array.from({ length: field === above ? limit + 1 : limit }, (_, index) => item(index))
  return {
    addresses: list('addresses', 2000, (index) => ({
      address: { address: `10.${16 + Math.floor(index / 250)}.0.${1 + (index % 250)}`, family: 1 },
      prefixLength: 32,
    })),
    routes: list('routes', 10_000, (index) => ({
      interface: 'vpn-tun',
      destination: {
        address: {
          address: `172.${16 + Math.floor(index / 4096)}.${Math.floor(index / 16) % 256}.${(index % 16) * 16}`,
        },
        prefixLength: 28,
      },
      gateway: { address: '' },
      hasGateway: false,
      isDefaultRoute: false,
    })),
    dnsAddresses: list('dnsAddresses', 64, (index) => `192.0.2.${index + 1}`),
    searchDomains: list('searchDomains', 64, (index) => `d${index}.example`),
    blockedApplications: list('blockedApplications', 256, (index) => `com.example.application${index}`),
  }
}
