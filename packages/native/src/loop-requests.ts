import koffi from 'koffi'

import { declare } from './libc.ts'

const defaultLoop = declare<[], number>('uintptr_t uv_default_loop(void)')

/** uv.h, struct uv_loop_s: `active_reqs.count`, behind `data`, `active_handles` and `handle_queue`. */
const REQUESTS_AT = 32

let memory: DataView | undefined

/**
 * How many requests of libuv are under way in the loop of node's main thread: work in the pool of threads, whoever has
 * begun it (`napi_queue_async_work` and `uv_queue_work` too), reads and writes of files, names that are looked up.
 */
export function loopRequests(): number {
  memory ??= new DataView(koffi.view(defaultLoop() + REQUESTS_AT, 4))
  return memory.getUint32(0, true)
}
