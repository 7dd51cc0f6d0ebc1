import { KEY_LENGTH, MAX_PEERS } from '../constants.ts'
import { X25519PublicKey } from '../crypto/x25519.ts'
import { decodeKey } from '../keys/key-text.ts'
import { makeRemoteIdentity, type RemoteIdentity } from '../noise/identity.ts'
import { Peer, type PeerOptions, type PeerSurroundings } from '../peers/peer.ts'
import { Timer } from '../timers/peer-timers.ts'
import type { CoreContext } from './core-context.ts'
import { SettingsError } from './core-options.ts'

/** Adds a peer, or gives an existing one these settings in place of all its earlier ones; its sessions stay. */
export function setPeer(
  context: CoreContext,
  surroundings: PeerSurroundings,
  options: PeerOptions,
  now: number,
): Peer {
  const interval = checkKeepalive(options.persistentKeepalive)
  const identity = checkIdentity(context, options)
  const known = context.peers.get(options.publicKey)
  if (known === undefined && context.peers.size >= MAX_PEERS) {
    throw new SettingsError('publicKey', `there are ${MAX_PEERS} peers already`)
  }
  const peer = known ?? new Peer(identity, surroundings)
  if (known === undefined) context.peers.add(peer)
  else peer.identity = identity
  context.allowedIps.removeOwner(peer)
  for (const prefix of options.allowedIps) context.allowedIps.add(prefix, peer)
  if (options.endpoint !== undefined) peer.endpoint = options.endpoint
  peer.timers.persistentInterval = interval * 1000
  armPersistentKeepalive(peer, now)
  return peer
}

/** Says hello at once to a peer that wants to be heard of all the time. */
export function armPersistentKeepalive(peer: Peer, now: number): void {
  if (peer.timers.persistentInterval === 0) peer.timers.cancel(Timer.persistentKeepalive)
  else if (peer.endpoint !== undefined) peer.timers.arm(Timer.persistentKeepalive, now)
}

function checkKeepalive(seconds = 0): number {
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= 65_535) return seconds
  throw new SettingsError('persistentKeepalive', `${seconds} is not from 0 to 65535 seconds`)
}

function checkIdentity(context: CoreContext, options: PeerOptions): RemoteIdentity {
  const bytes = decodeKey(options.publicKey)
  if (bytes === undefined) throw new SettingsError('publicKey', 'not a key of 44 characters in base64')
  const { presharedKey } = options
  if (presharedKey !== undefined && presharedKey.length !== KEY_LENGTH) {
    throw new SettingsError('presharedKey', `${presharedKey.length} bytes, not ${KEY_LENGTH}`)
  }
  const publicKey = new X25519PublicKey(bytes)
  if (Buffer.compare(bytes, context.local.privateKey.publicKey.bytes) === 0) {
    throw new SettingsError('publicKey', "it is this interface's own key")
  }
  const identity = makeRemoteIdentity(context.local, publicKey, presharedKey)
  if (identity === undefined) throw new SettingsError('publicKey', 'a point of low order is nobody’s key')
  return identity
}
