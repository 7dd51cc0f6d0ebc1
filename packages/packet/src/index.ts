/**
 * Packets from TypeScript, fast: TUN and UDP in batches, offload, AEAD, packet tools.
 *
 * Level 1, on the event loop:
 *
 * ```ts
 * import { Arena, Endpoint, TunDevice, UdpSocket } from '@vpnext/packet'
 *
 * const arena = Arena.create()
 * using udp = UdpSocket.open({ arena })
 * await connection.protect(udp.descriptor)
 * udp.connect(Endpoint.from('192.0.2.1', 4500))
 * using tun = TunDevice.open(await connection.create(config), { arena })
 * for await (const batch of tun.batches({ into: udp })) {
 *   while (batch.next()) {
 *     arena.copySum(udp.reserve(batch.length), batch.offset, batch.length)
 *     udp.commit(batch.length)
 *   }
 * }
 * ```
 *
 * Level 2, in a thread of its own: see {@link startPump}.
 *
 * @packageDocumentation
 */
export { Arena } from './arena/arena.ts'
export { BootClock } from './boot-clock.ts'
export { type DropReason, dropReasons, type TrafficCounters } from './counters.ts'
export type { DatagramBatch, DatagramSink, PacketBatch, Room, TunBatch, TunSink } from './packet-batch.ts'
export type { BatchOptions, Destination } from './iterate.ts'
export { TunDevice, type TunDeviceOptions } from './tun/tun-device.ts'
export type { TunOffload, WantedOffload } from './tun/negotiate-offload.ts'
export { Endpoint } from './udp/endpoint.ts'
export { openUdp, type OpenUdpOptions, type UdpAbilities, type WantedUdpOffload } from './udp/open-udp.ts'
export { openUdpPair, type UdpPair } from './udp/open-udp-pair.ts'
export { RouteProbe } from './udp/route-probe.ts'
export { UdpSocket, type UdpSocketOptions } from './udp/udp-socket.ts'
export { type Pump, type PumpCounters, type PumpOptions, startPump } from './pump/start-pump.ts'
export { runPump } from './pump/run-pump.ts'
export type { PumpContext, Transform, TransformFactory } from './pump/transform.ts'
export { type AeadBackend, keyLength, lastCounter, type Opener, type Sealer, tagLength } from './aead/aead.ts'
export { chooseAead } from './aead/choose-backend.ts'
export { aeadCompliance, type ComplianceCheck } from './aead/compliance.ts'
export { fold, internetChecksum, onesSum, updateChecksum, updateChecksum32 } from './headers/checksum.ts'
export {
  formatPacket,
  type IpPacket,
  type IpPayload,
  type ParsedPacket,
  parsePacket,
} from './headers/ip-packet.ts'
export { formatIpv4, type Ipv4Header, type ParsedIpv4, parseIpv4 } from './headers/ipv4-header.ts'
export {
  formatIpv6,
  type Ipv6Extension,
  type Ipv6Fragment,
  type Ipv6Header,
  type ParsedIpv6,
  parseIpv6,
} from './headers/ipv6-header.ts'
export { formatTcp, parseTcp, tcpFlag, type TcpHeader } from './headers/tcp-header.ts'
export { protocolNumber } from './headers/protocol-number.ts'
export { packetTooBig, type TooBigOptions } from './headers/too-big.ts'
export { clampMss } from './headers/mss-clamp.ts'
export { type PcapngInterface, type PcapngPacket, PcapngWriter } from './pcapng/pcapng-writer.ts'
