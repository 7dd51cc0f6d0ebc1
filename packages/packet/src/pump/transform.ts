import type { AeadBackend } from '../aead/aead.ts'
import type { Arena } from '../arena/arena.ts'
import type { DatagramBatch, DatagramSink, TunBatch, TunSink } from '../packet-batch.ts'

/** What a transform works with. Made once; nothing of it may leave the worker thread. */
export interface PumpContext {
  /** Where all packets lie. */
  readonly arena: Arena
  /** The way into the kernel. The pump flushes it. */
  readonly tun: TunSink
  /** The way to the network. The pump flushes it. With several sockets, the first one's. */
  readonly udp: DatagramSink
  /** The same for each socket, in the order of `udpFd`. */
  readonly sockets: readonly DatagramSink[]
  /** The fastest ChaCha20-Poly1305 there is, on {@link arena}. */
  readonly aead: AeadBackend
  /** What `startPump` was given as `data`. */
  readonly data: unknown
  /** When this round began: ms since the machine started, those that it slept included (`BootClock`). */
  readonly now: number
  /** Has {@link Transform.onTimer} called at `time` (same scale), once; replaces the time given before. Infinity: never. */
  wakeAt(time: number): void
  /** Sends a message to the main thread: `onMessage` of `startPump`. Structured clone. */
  post(message: unknown): void
}

/**
 * What an author writes: how packets become datagrams and back. Everything is called in one worker thread, one after the
 * other, and must return soon: no promise, timer or I/O of node makes progress in that thread. Work of that kind belongs
 * to the main thread; messages connect the two. An exception ends the pump.
 *
 * What is left in a batch comes again at once: who has no room for a packet drops it, for a pump that is called in vain never sleeps.
 */
export interface Transform {
  /** IP packets from the TUN device: `while (batch.next()) …` The batch stops by itself while `udp` is full. */
  fromTun(batch: TunBatch): void
  /** Datagrams from the network. @param socket which one's, in the order of `udpFd` */
  fromUdp(batch: DatagramBatch, socket: number): void
  /** The time given to {@link PumpContext.wakeAt} has come. */
  onTimer?(): void
  /** A message from {@link Pump.post}. */
  onMessage?(message: unknown): void
  /** The pump ends: wipe keys. */
  [Symbol.dispose]?(): void
}

/** The default export of a transform module. */
export type TransformFactory = (context: PumpContext) => Transform | Promise<Transform>
