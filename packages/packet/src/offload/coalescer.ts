import type { Arena } from '../arena/arena.ts'
import { PacketShape } from './flow-key.ts'
import { HeldPacket } from './held-packet.ts'

/** Flows that are joined at the same time. */
const flows = 8

/** What a coalescer hands over: `length` bytes at `offset`, a virtio-net header and a packet made of `packets`. */
export type Deliver = (offset: number, length: number, packets: number) => void

/**
 * Joins packets of a flow that follow each other into long ones (GRO), so that the kernel takes 40 or so at once.
 * Within a flow the order is kept. What cannot be joined is left to the caller.
 */
export class Coalescer {
  readonly #arena: Arena
  readonly #deliver: Deliver
  readonly #held: HeldPacket[]
  readonly #shape = new PacketShape()
  readonly #joinsUdp: boolean
  /** The slot used last, which is most often the next one too. */
  #latest = 0
  #used = 0
  #victim = 0

  /** @param joinsUdp whether the kernel takes long UDP packets (USO, Linux 6.2) */
  constructor(arena: Arena, joinsUdp: boolean, deliver: Deliver) {
    this.#arena = arena
    this.#joinsUdp = joinsUdp
    this.#deliver = deliver
    this.#held = Array.from({ length: flows }, () => new HeldPacket(arena))
  }

  /**
   * Takes a packet.
   *
   * @returns false when it is to be delivered now, by itself; what has to go before it has gone
   */
  take(offset: number, length: number): boolean {
    const shape = this.#shape
    const kind = shape.read(this.#arena, offset, length)
    if (kind === 'data') return this.#takeData()
    if (kind === 'barrier') this.flush()
    else if (kind === 'lone') this.#release(this.#find())
    return false
  }

  /** Delivers all that is held. */
  flush(): void {
    if (this.#used === 0) return
    for (let index = 0; index < flows; index++) this.#release(index)
  }

  #takeData(): boolean {
    const shape = this.#shape
    const index = this.#find()
    if (!shape.isTcp && !this.#joinsUdp) return false
    if (index >= 0) {
      this.#latest = index
      const held = this.#held[index]!
      if (held.join(shape)) return true
      this.#release(index)
      this.#hold(index)
      return true
    }
    this.#hold(this.#freeSlot())
    return true
  }

  #hold(index: number): void {
    this.#held[index]!.hold(this.#shape)
    this.#latest = index
    this.#used++
  }

  /** The slot of the packet's flow, or -1. */
  #find(): number {
    if (this.#used === 0) return -1
    if (this.#held[this.#latest]!.isOf(this.#shape)) return this.#latest
    for (let index = 0; index < flows; index++) {
      if (index !== this.#latest && this.#held[index]!.isOf(this.#shape)) return index
    }
    return -1
  }

  #freeSlot(): number {
    if (this.#used < flows) {
      for (let index = 0; index < flows; index++) if (this.#held[index]!.isEmpty) return index
    }
    this.#victim = (this.#victim + 1) % flows
    this.#release(this.#victim)
    return this.#victim
  }

  #release(index: number): void {
    const held = this.#held[index]
    if (held === undefined || held.isEmpty) return
    held.finish()
    this.#used--
    const { segments } = held
    held.clear()
    this.#deliver(held.start, held.size, segments)
  }
}
