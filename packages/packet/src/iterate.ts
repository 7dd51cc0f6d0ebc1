import { setImmediate } from 'node:timers/promises'

import type { Room } from './packet-batch.ts'
import type { Readiness } from './readiness.ts'

/** Where the packets of an iteration go: a `TunDevice` or a `UdpSocket`. */
export interface Destination extends Room {
  /** Hands over what was put there. @returns `'again'` when something is left */
  flush(): 'done' | 'again'
  /** Resolves when nothing is left. */
  writable(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>
}

export interface BatchOptions {
  /** Ends the iteration: it throws the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Flushes this after each batch, and takes no packet while it is full: the kernel's queue fills instead. */
  readonly into?: Destination | undefined
}

/** A source of batches: a batch is what is there between `begin` and `end`. */
export interface BatchSource {
  room: Room | undefined
  begin(): boolean
  end(): void
}

/** Batches for ever. After each one other work of the event loop gets its turn. */
export async function* iterate<T extends BatchSource>(
  source: T,
  readiness: Readiness,
  { signal, into }: BatchOptions,
): AsyncGenerator<T, never, undefined> {
  source.room = into
  try {
    for (;;) {
      signal?.throwIfAborted()
      if (source.begin()) {
        let left: 'done' | 'again' | undefined
        try {
          yield source
        } finally {
          source.end()
          left = into?.flush()
        }
        if (left === 'again') await into?.writable({ signal })
        else await setImmediate()
      } else {
        await readiness.wait('readable', signal)
      }
    }
  } finally {
    source.room = undefined
  }
}
