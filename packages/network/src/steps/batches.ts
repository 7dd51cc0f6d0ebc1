import type { RtRequest } from '@vpnext/native'

/** Requests per batch: about 50 ms of a blocked event loop. */
export const BATCH = 2000

/**
 * Hands out many requests in batches, with a turn of the event loop between two. A single batch is done before this returns.
 *
 * @throws the signal's reason between two batches
 */
export function inBatches(
  requests: readonly RtRequest[],
  send: (batch: readonly RtRequest[]) => void,
  signal?: AbortSignal,
): Promise<void> | undefined {
  if (requests.length > BATCH) return sendAll(requests, send, signal)
  if (requests.length > 0) send(requests)
  return undefined
}

async function sendAll(
  requests: readonly RtRequest[],
  send: (batch: readonly RtRequest[]) => void,
  signal?: AbortSignal,
): Promise<void> {
  for (let start = 0; start < requests.length; start += BATCH) {
    if (start > 0) await new Promise((resolve) => setImmediate(resolve))
    signal?.throwIfAborted()
    send(requests.slice(start, start + BATCH))
  }
}
