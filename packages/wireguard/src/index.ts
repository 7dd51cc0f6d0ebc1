/**
 * WireGuard: the protocol, without sockets, devices or clocks. Datagrams, packets and the time go in; what is to be done
 * comes out.
 *
 * ```ts
 * import { parsePrefix } from '@vpnext/ip'
 * import { Endpoint } from '@vpnext/packet'
 * import { createWireGuardCore, generatePrivateKey } from '@vpnext/wireguard'
 *
 * using key = generatePrivateKey()
 * using core = createWireGuardCore({ privateKey: key.bytes })
 * const prefix = parsePrefix('10.0.0.0/8')
 * core.setPeer(
 *   {
 *     publicKey: 'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=',
 *     allowedIps: prefix ? [prefix] : [],
 *     endpoint: Endpoint.from('192.0.2.1', 51820),
 *   },
 *   performance.now(),
 * )
 *
 * // A packet for 10.1.2.3: there is no session yet, so a handshake is sent and the packet waits for its answer.
 * const packet = Uint8Array.from(Buffer.from('450000140000000040fd00000a0000010a010203', 'hex'))
 * for (const action of core.consumePacket(packet, 0, packet.length, performance.now())) {
 *   if (action.kind === 'send') console.log(`${action.bytes.length} bytes to ${action.endpoint}`) // 148 bytes to …
 * }
 * ```
 *
 * @packageDocumentation
 */
export { openWireGuard } from './engine/open-wireguard.ts'
export type { EngineOffload, TunnelSettings, WireGuardOptions } from './engine/engine-options.ts'
export type { EngineCallOptions, WireGuardEngine, WireGuardStatus } from './engine/wireguard-engine.ts'
export type { WireGuardEvent } from './engine/engine-event.ts'
export { createWireGuardCore, type WireGuardCore } from './core/wireguard-core.ts'
export { type CoreOptions, SettingsError } from './core/core-options.ts'
export type { CoreAction } from './core/action.ts'
export type { Environment } from './core/core-context.ts'
export type { DropReason } from './core/drop-counters.ts'
export type { PacketSteps } from './core/packet-steps.ts'
export type { CoreStatus, PeerStatus } from './core/status.ts'
export { nat64Addresses } from './engine/nat64.ts'
export { X25519PrivateKey } from './crypto/x25519.ts'
export { decodeKey, encodeKey } from './keys/key-text.ts'
export { clampKey, generatePresharedKey, generatePrivateKey, publicKeyOf } from './keys/key-tools.ts'
export { SecretKey } from './keys/secret-key.ts'
export { readCounter } from './messages/fields.ts'
export { MessageType, messageType, Transport } from './messages/message-layout.ts'
export { innerLength } from './peers/inner-packet.ts'
export type { Peer, PeerOptions } from './peers/peer.ts'
export type { Keypair, TransportMemory } from './session/keypair.ts'
export { defaultTimings, type Timings } from './timers/timings.ts'
export { type ConfigLine, configLines } from './wg-quick/config-lines.ts'
export { formatEndpointSetting, formatWgQuick } from './wg-quick/format-wg-quick.ts'
export { parseWgQuick } from './wg-quick/parse-wg-quick.ts'
export {
  type EndpointSetting,
  type Hook,
  type HookName,
  type InterfaceAddress,
  type InterfaceSettings,
  type PeerSettings,
  toPeerOptions,
  type WgQuickFile,
  type WgQuickWarning,
} from './wg-quick/tunnel-settings.ts'
export { readList } from './wg-quick/values.ts'
export {
  type VpnAddress,
  vpnConfigOf,
  type VpnConfigOptions,
  type VpnRoute,
  type VpnSettings,
} from './wg-quick/vpn-config.ts'
export { WgQuickError } from './wg-quick/wg-quick-error.ts'
