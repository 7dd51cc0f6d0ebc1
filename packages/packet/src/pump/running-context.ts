import type { AeadBackend } from '../aead/aead.ts'
import type { Arena } from '../arena/arena.ts'
import type { DatagramSink, TunSink } from '../packet-batch.ts'
import type { PumpLoop } from './pump-loop.ts'
import type { PumpContext } from './transform.ts'

/** What a context is made of: all but what the loop knows. */
export type ContextParts = Omit<PumpContext, 'now' | 'wakeAt'>

/**
 * The context of a pump that runs. A class, because V8 keeps an object literal with a getter as a dictionary, in which a transform
 * would look for each field anew with each packet.
 */
export class RunningContext implements PumpContext {
  readonly arena: Arena
  readonly tun: TunSink
  readonly udp: DatagramSink
  readonly sockets: readonly DatagramSink[]
  readonly aead: AeadBackend
  readonly data: unknown
  /** Functions of their own: a transform may take them out of the context. */
  readonly wakeAt: (time: number) => void
  readonly post: PumpContext['post']
  readonly #loop: PumpLoop

  constructor(parts: ContextParts, loop: PumpLoop) {
    this.arena = parts.arena
    this.tun = parts.tun
    this.udp = parts.udp
    this.sockets = parts.sockets
    this.aead = parts.aead
    this.data = parts.data
    this.wakeAt = (time) => loop.wakeAt(time)
    this.post = parts.post
    this.#loop = loop
  }

  get now(): number {
    return this.#loop.now
  }
}
