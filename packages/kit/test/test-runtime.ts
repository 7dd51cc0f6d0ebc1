import { businessError } from '@vpnext/api'

import type { VpnExtensionNamespace } from '../src/network/vpn-extension.ts'
import { type KitRuntime, type Kits, type LogLine, type ServiceCalls, createKits } from '../src/index.ts'

/** The ability of {@link testKits}. */
export const testAbility = {
  bundleName: 'com.example.vpn',
  moduleName: 'entry',
  abilityName: 'MyVpn',
  versionCode: 3,
  versionName: '1.2.3',
  label: 'Example',
}

/** Kits whose service refuses everything but what `service` has. */
export function testKits(
  service: Partial<ServiceCalls> = {},
  runtime: Partial<KitRuntime> = {},
): { kits: Kits; log: LogLine[] } {
  const log: LogLine[] = []
  const refuse = (): Promise<never> =>
    Promise.reject(businessError(2200003, { reason: 'the test has no such service' }))
  const kits = createKits({
    service: {
      createVpn: refuse,
      destroyVpn: refuse,
      protect: refuse,
      startAbility: refuse,
      stopAbility: refuse,
      ...service,
    },
    ability: testAbility,
    dataFolder: '/data/storage',
    bundleFolder: '/bundle',
    uid: 20010001,
    log: (line) => log.push(line),
    ...runtime,
  })
  return { kits, log }
}

/** `vpnExtension` as extension code gets it. */
export function vpnExtensionOf(kits: Kits): VpnExtensionNamespace {
  return memberOf(kits, '@kit.NetworkKit', 'vpnExtension')
}

/** The part of `fileIo` that moves packets. */
export interface PacketIo {
  readSync(fd: number, buffer: ArrayBuffer): number
  writeSync(fd: number, buffer: ArrayBuffer): number
  read(fd: number, buffer: ArrayBuffer): Promise<number>
  closeSync(fd: number): void
}

/** `fileIo` as extension code gets it. */
export function fileIoOf(kits: Kits): PacketIo {
  return memberOf(kits, '@kit.CoreFileKit', 'fileIo')
}

function memberOf(kits: Kits, module: string, name: string): any {
  const loaded = kits.load(module)
  if (loaded === undefined) throw new Error(`no module ${module}`)
  return Reflect.get(loaded, name)
}

/** A config that every check accepts. */
export const goodConfig: {
  addresses: { address: { address: string; family: number }; prefixLength: number }[]
} = { addresses: [{ address: { address: '10.0.0.5', family: 1 }, prefixLength: 24 }] }
