import type { status } from '@vpnext/service/protocol'
import type { Infer } from '@vpnext/varlink'

type Status = Infer<typeof status>
type HostInfo = Status['hosts'][number]
type TunnelInfo = Status['tunnels'][number]

/** When the samples were taken, ms since the epoch. */
export const sampleNow = 1_800_000_000_000

export function sampleHost(changes: Partial<HostInfo> = {}): HostInfo {
  return {
    bundleName: 'com.example.vpn',
    abilityName: 'VpnAbility',
    ownerUid: 1000,
    hostUid: 20_010_000,
    pid: 4321,
    state: 'running',
    startedAt: sampleNow - 65_000,
    sandbox: ['own uid', 'Landlock ABI 7', 'seccomp'],
    missing: [],
    ...changes,
  }
}

export function sampleTunnel(changes: Partial<TunnelInfo> = {}): TunnelInfo {
  return {
    bundleName: 'com.example.vpn',
    abilityName: 'VpnAbility',
    ownerUid: 1000,
    vpnId: '',
    interfaceName: 'vpn-tun',
    scope: 'device',
    addresses: ['10.8.0.5/24', 'fd08::5/64'],
    routes: ['0.0.0.0/0', '::/0'],
    excludedRoutes: [],
    dnsServers: ['10.8.0.1'],
    searchDomains: [],
    mtu: 1400,
    acceptIPv4: true,
    acceptIPv6: true,
    trustedApplications: [],
    blockedApplications: [],
    createdAt: sampleNow - 60_000,
    rxBytes: 2048,
    txBytes: 100,
    rxPackets: 7,
    txPackets: 3,
    warnings: [],
    ...changes,
  }
}

export function sampleStatus(changes: Partial<Status> = {}): Status {
  return {
    instance: 'default',
    version: '0.1.0',
    pid: 4320,
    startedAt: sampleNow - 3_600_000,
    rootless: false,
    hosts: [sampleHost()],
    ended: [],
    tunnels: [sampleTunnel()],
    ...changes,
  }
}
