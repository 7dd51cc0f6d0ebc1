import { TrafficMeter } from '../counters.ts'

const stopAt = 0
const messageAt = 1
/** The meters start at a multiple of 8 behind the flags. */
const metersAt = 64
const meterCount = 4

/** The four meters of a pump. */
export interface PumpMeters {
  readonly tunReceived: TrafficMeter
  readonly tunSent: TrafficMeter
  readonly udpReceived: TrafficMeter
  readonly udpSent: TrafficMeter
}

/** Memory that the main thread and the pump's thread share: what is wanted, and what has passed. */
export class PumpControl {
  readonly memory: SharedArrayBuffer
  readonly meters: PumpMeters
  readonly #flags: Int32Array

  /** @param memory of the same control in another thread */
  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(metersAt + meterCount * TrafficMeter.size)) {
    this.memory = memory
    this.#flags = new Int32Array(memory, 0, 2)
    const meter = (index: number): TrafficMeter =>
      new TrafficMeter(memory, metersAt + index * TrafficMeter.size)
    this.meters = { tunReceived: meter(0), tunSent: meter(1), udpReceived: meter(2), udpSent: meter(3) }
  }

  requestStop(): void {
    Atomics.store(this.#flags, stopAt, 1)
  }

  get stopRequested(): boolean {
    return Atomics.load(this.#flags, stopAt) !== 0
  }

  announceMessage(): void {
    Atomics.store(this.#flags, messageAt, 1)
  }

  /** Whether messages were announced since the last call. */
  takeMessages(): boolean {
    return Atomics.exchange(this.#flags, messageAt, 0) !== 0
  }
}
