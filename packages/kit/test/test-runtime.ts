import { businessError } from '@vpnext/api'

import type { VpnExtensionNamespace } from '../src/network/vpn-extension.ts'
import {
  type AbilityDetails,
  type KitRuntime,
  type Kits,
  type LogLine,
  type ServiceCalls,
  createKits,
} from '../src/index.ts'

/** The ability of {@link testKits}. */
export const testAbility: AbilityDetails = {
  bundleName: 'com.example.vpn',
  moduleName: 'entry',
  abilityName: 'MyVpn',
  versionCode: 3,
  versionName: '1.2.3',
  label: 'Example',
  permissions: ['ohos.permission.INTERNET'],
  systemApplication: false,
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
      protectProcess: () => Promise.resolve({ by: 'nobody', reason: 'the test has no such service' }),
      countTraffic: refuse,
      setAlwaysOn: refuse,
      isAlwaysOn: refuse,
      updateAuthorization: refuse,
      publishEvent: refuse,
      subscribeEvents: refuse,
      unsubscribeEvents: refuse,
      startAbility: refuse,
      stopAbility: refuse,
      connectAbility: refuse,
      disconnectAbility: refuse,
      sendRequest: refuse,
      startPage: refuse,
      terminateSelf: refuse,
      reportTest: refuse,
      finishTests: refuse,
      searchLog: refuse,
      clearLog: refuse,
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
  const vpnExtension: VpnExtensionNamespace = Reflect.get(kits.load('@kit.NetworkKit') ?? {}, 'vpnExtension')
  return vpnExtension
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
  const fileIo: PacketIo = Reflect.get(kits.load('@kit.CoreFileKit') ?? {}, 'fileIo')
  return fileIo
}

/** A config that every check accepts. */
export const goodConfig: {
  addresses: { address: { address: string; family: number }; prefixLength: number }[]
} = { addresses: [{ address: { address: '10.0.0.5', family: 1 }, prefixLength: 24 }] }

/** The part of a socket that {@link SocketKit} has. */
export interface KitSocket {
  bind(address: object): Promise<void>
  close(): Promise<void>
}

/** `socket`, as far as tests use it. */
export interface SocketKit {
  constructUDPSocketInstance(): KitSocket
  constructTCPSocketInstance(): KitSocket
}

/** `socket` as extension code gets it. */
export function socketOf(kits: Kits): SocketKit {
  const socket: SocketKit = Reflect.get(kits.load('@kit.NetworkKit') ?? {}, 'socket')
  return socket
}
