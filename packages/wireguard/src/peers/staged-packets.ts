import { STAGED_PACKETS } from '../constants.ts'

/** Packets for a peer that wait until there is a session: at most STAGED_PACKETS, the oldest leave first. */
export class StagedPackets {
  #packets: Uint8Array[] = []

  get size(): number {
    return this.#packets.length
  }

  /** Keeps `packet`, which is not to be changed any more. @returns how many older ones were dropped for it */
  add(packet: Uint8Array): number {
    this.#packets.push(packet)
    const excess = this.#packets.length - STAGED_PACKETS
    if (excess <= 0) return 0
    this.#packets.splice(0, excess)
    return excess
  }

  /** Takes out all, the oldest first. */
  takeAll(): Uint8Array[] {
    const packets = this.#packets
    this.#packets = []
    return packets
  }

  clear(): void {
    this.#packets = []
  }
}
