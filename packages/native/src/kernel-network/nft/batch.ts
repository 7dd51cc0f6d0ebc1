import type { NftCommand } from './command.ts'
import { CommandMessages } from './command-messages.ts'
import { NFNL_MSG_BATCH_BEGIN, NFNL_MSG_BATCH_END } from './numbers.ts'

/** Bytes of a batch that is worth keeping. */
const MOST_KEPT = 65_536

/**
 * The commands as one transaction of nf_tables, byte for byte as libnftables 1.0.6 has the kernel see them. Messages carry
 * the position of their command, from 1, as sequence number.
 *
 * What begins with the very same command objects as an earlier batch, as guards do, is copied from there.
 *
 * @throws RangeError for names and elements that nf_tables has no form for
 */
export function encodeNft(commands: readonly NftCommand[]): Uint8Array {
  if (before?.commands === commands) return before.bytes
  const batch = new Batch()
  const bytes = batch.encode(commands, before)
  // A removal has less than half of the commands of a guard, and does not take its place.
  if (bytes.length <= MOST_KEPT && 2 * commands.length >= (before?.commands.length ?? 0))
    before = { commands, batch, bytes }
  return bytes
}

/** A batch, and what it was made of. */
interface Encoded {
  readonly commands: readonly NftCommand[]
  readonly batch: Batch
  readonly bytes: Uint8Array
}

let before: Encoded | undefined

class Batch {
  readonly #messages = new CommandMessages()
  /** Where the messages of each command end, words, and how many sets there are by then. */
  readonly #ends: number[] = []
  readonly #setsBy: number[] = []

  encode(commands: readonly NftCommand[], like: Encoded | undefined): Uint8Array {
    const repeated = like === undefined ? 0 : this.#repeat(commands, like)
    if (repeated === 0) this.#messages.boundary(NFNL_MSG_BATCH_BEGIN)
    for (let at = repeated; at < commands.length; at++) {
      const command = commands[at]
      if (command === undefined) continue
      this.#messages.write(command, at + 1)
      this.#ends.push(this.#messages.writer.length)
      this.#setsBy.push(this.#messages.sets)
    }
    this.#messages.boundary(NFNL_MSG_BATCH_END)
    return this.#messages.writer.bytes
  }

  /** Copies what the other one begins with, too. @returns how many commands */
  #repeat(commands: readonly NftCommand[], { commands: others, batch }: Encoded): number {
    let same = 0
    while (same < commands.length && commands[same] === others[same]) same++
    const end = batch.#ends[same - 1]
    if (end === undefined) return 0
    this.#messages.writer.words(batch.#messages.writer.part(0, end))
    for (let at = 0; at < same; at++) {
      this.#ends.push(batch.#ends[at] ?? 0)
      this.#setsBy.push(batch.#setsBy[at] ?? 0)
    }
    this.#messages.sets = batch.#setsBy[same - 1] ?? 0
    return same
  }
}
