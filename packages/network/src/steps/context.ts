import type { Fd, NftLine, NftRun, Rtnetlink, TcpSocketList } from '@vpnext/native'
import type { PreparedDns } from '../dns/backend.ts'
import type { JournalEntry } from '../journal.ts'

/** What undoing a step needs. */
export interface UndoContext {
  readonly netlink: Rtnetlink
  /** The other tunnels of this instance that are on record in this kernel and network namespace. */
  readonly others: readonly JournalEntry[]
}

/** What applying a step needs, and what the steps before it have made. */
export interface ApplyContext extends UndoContext {
  readonly entry: JournalEntry
  /** Where the context's maker has it open. */
  readonly tcpSockets?: TcpSocketList
  /** Likewise. */
  readonly nft?: NftLine
  readonly signal?: AbortSignal
  /** The resolver's configuration, begun ahead. The context's maker discards it after a failure. */
  preparedDns?: PreparedDns
  /** The guard, begun ahead. The context's maker waits for it, and takes it back, after a failure. */
  preparedGuard?: NftRun
  /** Lets watches of the guard hear again, which the preparation has paused. The context's maker calls it after a failure. */
  endGuardPause?: () => void
  /** The TUN, from its step on. The context's maker closes the descriptor after a failure. */
  device?: { readonly fd: Fd; readonly index: number }
}

/** The TUN. @throws Error before its step */
export function deviceOf(context: ApplyContext): { readonly fd: Fd; readonly index: number } {
  if (context.device === undefined) throw new Error('the TUN is not made yet')
  return context.device
}

/** One line about what was undone; undefined when there was nothing left to undo. */
export type Undone = string | undefined
