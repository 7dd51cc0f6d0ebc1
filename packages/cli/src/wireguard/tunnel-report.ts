import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../cli-failure.ts'

/** A peer as the extension reports it. Sizes in bytes, times in ms. */
export interface PeerReport {
  readonly publicKey: string
  /** Whether there is one; never the key. */
  readonly presharedKey: boolean
  readonly endpoint?: string
  readonly allowedIps: readonly string[]
  /** Since 1970. */
  readonly latestHandshake?: number
  readonly rxBytes: number
  readonly txBytes: number
  /** From our last handshake message to its answer. */
  readonly latency?: number
  /** Seconds. */
  readonly persistentKeepalive?: number
  /** It has not answered for 90 seconds. */
  readonly silent: boolean
  /** Why its name has no address. */
  readonly unresolved?: string
}

/** What the WireGuard extension tells of its tunnel (`filesDir/reports/status`), without any secret key. */
export interface TunnelReport {
  readonly profile: string
  /** Which start request it answers. */
  readonly run: string
  readonly state: 'starting' | 'up' | 'failed'
  /** Why it failed, and the code of the API's error if it is one. */
  readonly reason?: string
  readonly code?: number
  /** What is refused: a part of the VPN's configuration, e.g. `config.mtu`, or of the profile, e.g. `peers[0].endpoint`. */
  readonly field?: string
  /** ms since 1970. */
  readonly since?: number
  readonly publicKey?: string
  readonly listenPort?: number
  readonly mtu?: number
  readonly addresses?: readonly string[]
  readonly dnsAddresses?: readonly string[]
  /** Networks that stay outside, though `AllowedIPs` have them. */
  readonly excluded?: readonly string[]
  /** How packets are sealed, where the extension runs. */
  readonly aead?: { readonly name: string; readonly oneCall: boolean }
  readonly peers: readonly PeerReport[]
}

/** @throws CliFailure when the text is no report: then the extension is another one */
export function parseReport(text: string): TunnelReport {
  const report = jsonOf(text)
  if (isReport(report)) return report
  throw new CliFailure(
    exitCodes.failure,
    'the WireGuard extension reports something that is not understood',
    {
      hint: 'vpnext uninstall io.vpnext.wireguard, then `vpnext up` installs the one that belongs here',
    },
  )
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isReport(value: unknown): value is TunnelReport {
  if (typeof value !== 'object' || value === null) return false
  const { profile, run, state, peers } = value as Partial<Record<keyof TunnelReport, unknown>>
  return (
    typeof profile === 'string' &&
    typeof run === 'string' &&
    typeof state === 'string' &&
    Array.isArray(peers) &&
    peers.every(isPeer)
  )
}

function isPeer(value: unknown): value is PeerReport {
  if (typeof value !== 'object' || value === null) return false
  const { publicKey, allowedIps, rxBytes, txBytes } = value as Partial<Record<keyof PeerReport, unknown>>
  return (
    typeof publicKey === 'string' &&
    Array.isArray(allowedIps) &&
    typeof rxBytes === 'number' &&
    typeof txBytes === 'number'
  )
}
