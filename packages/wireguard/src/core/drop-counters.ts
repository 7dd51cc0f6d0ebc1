import type { HandshakeRejection } from '../noise/handshake-state.ts'

/**
 * Why a datagram or a packet went no further, beside the reasons for which a handshake is refused. `notWireGuard`: no
 * message by type and length; `badMac1`: the sender does not know our public key; `cookieRequired`: under load, and
 * answered with a cookie; `flooded`: likewise, but too many were answered in that second; `rateLimited`: under load, too many from one source; `unknownIndex`: for a session or handshake
 * we do not have; `badCookie`: a cookie reply that answers nothing; `expired`: of a session that is too old or used too
 * much; `forgedPacket` and `replayedPacket`: transport messages; `notIp`: a packet that is no IP packet;
 * `tooLong`: one that fits into no datagram; `wrongSource`:
 * from an inner address that is not the peer's; `unroutable`: to an inner address that is no peer's; `noEndpoint`: for a
 * peer of whom we do not know where it is; `stagedOverflow` and `unreachable`: waited in vain for a session.
 */
export type DropReason =
  | HandshakeRejection
  | 'notWireGuard'
  | 'badMac1'
  | 'cookieRequired'
  | 'flooded'
  | 'rateLimited'
  | 'unknownIndex'
  | 'badCookie'
  | 'expired'
  | 'forgedPacket'
  | 'replayedPacket'
  | 'notIp'
  | 'tooLong'
  | 'wrongSource'
  | 'unroutable'
  | 'noEndpoint'
  | 'stagedOverflow'
  | 'unreachable'

/** How often each happened. */
export class DropCounters {
  readonly #counts = new Map<DropReason, number>()

  count(reason: DropReason, times = 1): void {
    if (times > 0) this.#counts.set(reason, this.get(reason) + times)
  }

  get(reason: DropReason): number {
    return this.#counts.get(reason) ?? 0
  }

  /** Those that happened at all. */
  toJSON(): Partial<Record<DropReason, number>> {
    return Object.fromEntries(this.#counts)
  }
}
