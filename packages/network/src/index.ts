/**
 * A tunnel applied to Linux: TUN device, addresses, routes, rules, packet filter, DNS; planned first, journaled, and undone
 * to the last bit. Acts in the network namespace of the calling thread. Knows nothing of consent and bundles.
 *
 * ```ts
 * import { checkVpnConfig } from '@vpnext/api'
 * import { chooseSlot, createTunnel, defaultSettings, describePlan, openJournal, planTunnel, readKernelFacts, repair } from '@vpnext/network'
 *
 * const settings = defaultSettings({ resolvConf: '/etc/resolv.conf' })
 * const journal = openJournal('/var/lib/vpnext/journal', settings)
 * await repair(journal, settings) // what a crash left behind
 *
 * const facts = readKernelFacts(settings)
 * const slot = chooseSlot(facts, settings, [])
 * const config = checkVpnConfig({ addresses: [{ address: { address: '10.8.0.5' }, prefixLength: 24 }] })
 * const plan = planTunnel(
 *   { slot, interfaceName: 'vpn-tun', config, scope: { kind: 'device' }, hostUid: 20010000, owner: { uid: 1000, bundleName: 'com.example.vpn' } },
 *   settings,
 *   facts,
 * )
 * console.log(describePlan(plan).join('\n'))
 *
 * await using tunnel = await createTunnel(plan, { journal })
 * using fd = tunnel.handOver() // raw IP packets, one per read or write
 * ```
 *
 * @packageDocumentation
 */
export {
  defaultSettings,
  type NetworkSettings,
  prioritiesPerSlot,
  priorityOf,
  slotCount,
  tableOf,
} from './settings.ts'
export { JournalError, OccupiedError, TunnelError, UnsupportedError } from './errors.ts'
export { type KernelLines, openKernelLines } from './kernel-lines.ts'
export { rehearseTunnel } from './rehearse-tunnel.ts'
export { type FactsReader, openFactsReader } from './facts-reader.ts'
export { chooseSlot, type KernelFacts, readKernelFacts } from './kernel-facts.ts'
export type { Scope, TunnelRequest } from './plan/request.ts'
export { type BesideTunnel, besideOf } from './plan/overlay-routes.ts'
export { sameScope } from './plan/same-scope.ts'
export type {
  DnsBackendName,
  DnsData,
  DnsRedirect,
  DnsUndo,
  OriginalFile,
  PlanStep,
  TunnelPlan,
  Undo,
} from './plan/step.ts'
export { isSmallConfig, PlanMemory } from './plan/plan-memory.ts'
export { planTunnel } from './plan/plan-tunnel.ts'
export { type ClosedRequest, planClosed } from './plan/plan-closed.ts'
export { needsApplicationFacts } from './plan/membership.ts'
export { describePlan } from './plan/describe-plan.ts'
export {
  createTunnel,
  type CreateTunnelOptions,
  type FaultInjector,
  type Tunnel,
  type TunnelCounters,
} from './tunnel.ts'
export { type Journal, type JournalEntry, openJournal } from './journal.ts'
export { type RepairedTunnel, repair, type RepairOptions, type RepairReport } from './repair.ts'
export type { ClosedTunnel } from './closed-tunnel.ts'
export { closeAhead, type ClosedAhead } from './close-ahead.ts'
export { type MendTarget, isDamaged, mendTunnels } from './mend.ts'
export { watchGuard } from './guard/watch-guard.ts'
export { diffSnapshots, type NetworkSnapshot, takeSnapshot } from './snapshot.ts'
export { uplink, type Uplink, type UplinkPath } from './uplink.ts'
export type { DnsBackend } from './dns/backend.ts'
export { resolvConfBackend } from './dns/resolv-conf.ts'
export { uplinkResolver, uplinkResolverFolders } from './dns/uplink-resolver.ts'
export { resolvedBackend } from './dns/resolved.ts'
export { chooseDnsBackend } from './dns/choose.ts'
export {
  type ApplicationFacts,
  type ApplicationKnowledge,
  type PresentList,
  readApplicationFacts,
} from './identity/application-facts.ts'
export type { AppIdentity } from './identity/app-identity.ts'
export type { ApplicationList, ListedApplication, Selectors } from './identity/application-list.ts'
export { applicationOfPath, type CgroupApplication } from './identity/cgroup-path.ts'
export { cgroupIdentity } from './identity/cgroup-identity.ts'
export { uidRangeIdentity } from './identity/uid-range-identity.ts'
export {
  ensureApplicationCgroup,
  enterApplication,
  type IdentityPlace,
  removeIdleCgroups,
  type UserApplication,
} from './identity/enter-application.ts'
export { listsInForce } from './identity/lists-in-force.ts'
export { watchApplications, type WatchApplicationsOptions } from './identity/watch-applications.ts'
export type { GuardEndpoint, GuardTunnel } from './guard/model.ts'
export type { NetworkView, PacketQuestion, RouteError } from './explain/packet.ts'
export { readNetworkView } from './explain/read-network-view.ts'
export { explainPacket, type PacketExplanation } from './explain/explain-packet.ts'
export type { PassedRule, RoutingDecision } from './explain/rule-walk.ts'
export type { GuardVerdict } from './explain/guard/verdict.ts'
export type { OtherFilter } from './explain/guard/other-filters.ts'
export { dnsRedirectsFor, identityOfProgram, type ProgramIdentity } from './explain/program-identity.ts'
export { addressesInHosts, readResolverFile, type ResolverFile } from './explain/resolver-file.ts'
