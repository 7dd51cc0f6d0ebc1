/**
 * A small internet in network namespaces: client, router, VPN gateway, internet host; with probes, captures and faults.
 * Nothing of it shows outside this process.
 *
 * @example
 * ```ts
 * import { capture, createLab, labAddresses, labLinks, udpProbe } from '@vpnext/lab'
 *
 * await using lab = await createLab() // as root, or in `unshare -Urn`
 * using uplink = capture(lab.router, labLinks.routerToClient)
 * console.log(await udpProbe(lab.client, labAddresses.internet.v4)) // 10.77.1.2: no VPN in between
 * console.log(uplink.count({ protocol: 'udp', destinationPort: 7 })) // 1
 * ```
 * @packageDocumentation
 */
export { labAddresses, labHostName, labLinks, labPorts, labPrefixLengths } from './addresses.ts'
export type { AddressPair } from './addresses.ts'
export { Capture, capture } from './capture.ts'
export type { CapturedPacket, PacketFilter } from './capture.ts'
export { DnsResponder } from './dns-responder.ts'
export type { DnsQuery } from './dns-responder.ts'
export { EchoServer } from './echo-server.ts'
export { addRoute, deleteRule, dropLargerThan, flushNft, linkDown } from './faults.ts'
export { summarizeIp } from './ip-packet.ts'
export type { PacketSummary } from './ip-packet.ts'
export { createLab } from './lab.ts'
export type { Lab } from './lab.ts'
export { expectNothingLeft, takeInventory } from './leaks.ts'
export type { Inventory } from './leaks.ts'
export { Namespace } from './namespace.ts'
export { PlainUdpGateway } from './plain-udp-gateway.ts'
export type { GatewayCounters, TrafficCount } from './plain-udp-gateway.ts'
export { probeCommand, probeUid, tcpProbe, udpProbe } from './probe.ts'
export type { ProbeOptions } from './probe.ts'
export { settleAddresses } from './settle-addresses.ts'
export type { SettleOptions } from './settle-addresses.ts'
export { makeWireGuardConfs } from './wireguard-confs.ts'
export type { WireGuardConfs } from './wireguard-confs.ts'
export { WireGuardGateway } from './wireguard-gateway.ts'
export type { WireGuardGatewayOptions } from './wireguard-gateway.ts'
