import { readFileSync } from 'node:fs'
import type { Namespace } from '@vpnext/lab'
import { type Link, type RtAddress, type RtRoute, type RtRule, runNft } from '@vpnext/native'
import type { NetworkSettings, NetworkSnapshot } from '@vpnext/network'

/** A tunnel as the kernel has it: what a script must make to end up with the same. */
export interface RecordedState {
  readonly link: Link
  readonly addresses: readonly RtAddress[]
  readonly routes: readonly RtRoute[]
  readonly rules: readonly RtRule[]
  /** Lines for `nft -f`. */
  readonly guard: string
  readonly nftTable: string
  readonly resolvConf: string
  /** Settings that changed. */
  readonly sysctls: readonly ChangedSysctl[]
}

export interface ChangedSysctl {
  /** Below /proc/sys. */
  readonly name: string
  /** Absent: it came with the device, and goes with it. */
  readonly before?: string
  readonly after: string
}

/**
 * Reads a tunnel that is up back from the kernel.
 *
 * @param before the network before the tunnel, and `after` with it
 * @throws Error when there is no device of our kind
 */
export function recordState(
  namespace: Namespace,
  settings: NetworkSettings,
  before: NetworkSnapshot,
  after: NetworkSnapshot,
): RecordedState {
  using netlink = namespace.rtnetlink()
  const link = netlink.links().find(({ kind }) => kind === 'tun')
  if (link === undefined) throw new Error('there is no tunnel to record')
  return {
    link,
    addresses: netlink.addresses().filter(({ index }) => index === link.index),
    routes: netlink.routes().filter(({ protocol }) => protocol === settings.routeProtocol),
    rules: netlink.rules().filter(({ protocol }) => protocol === settings.routeProtocol),
    guard: namespace.run(() => runNft(`list table inet ${settings.nftTable}`)),
    nftTable: settings.nftTable,
    resolvConf: readFileSync(settings.resolvConf, 'utf8'),
    sysctls: changedSysctls(before.sysctls, after.sysctls),
  }
}

/** Of lines `name = value`, those whose value differs; of those that came with the device, those unlike the default. */
export function changedSysctls(before: readonly string[], after: readonly string[]): ChangedSysctl[] {
  const former = new Map(before.map(split))
  return after.map(split).flatMap(([name, value]): ChangedSysctl[] => {
    const was = former.get(name)
    const born = former.get(name.replace(/\/conf\/[^/]+\//, '/conf/default/'))
    if ((was ?? born) === value) return []
    return [{ name, ...(was === undefined ? {} : { before: was }), after: value }]
  })
}

function split(line: string): readonly [string, string] {
  const at = line.indexOf(' = ')
  return [line.slice(0, at), line.slice(at + 3)]
}
