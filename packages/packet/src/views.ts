import type { PacketBatch } from './packet-batch.ts'

/** The packets of a batch as views: for where an object per packet does not matter. */
export function* views(batch: PacketBatch): Generator<Uint8Array, void, undefined> {
  while (batch.next()) yield batch.arena.slice(batch.offset, batch.length)
}
