import { declare } from './libc.ts'

const currentProcessor = declare<[], number>('int sched_getcpu(void)')
const readAffinity = declare<[process: number, size: number, set: Uint8Array], number>(
  'int sched_getaffinity(int, size_t, void *)',
)
const initializeAttributes = declare<[attributes: Uint8Array], number>('int pthread_attr_init(void *)')
const setAffinity = declare<[attributes: Uint8Array, size: number, set: Uint8Array], number>(
  'int pthread_attr_setaffinity_np(void *, size_t, const void *)',
)

/** sizeof(cpu_set_t): 1,024 processors. */
const SET_SIZE = 128
/** More than sizeof(pthread_attr_t): 56 on x86-64, 64 on arm64. */
const ATTRIBUTES_SIZE = 128

/** By the processor that is left out. Never released: there are as many as there are processors. */
const known = new Map<number, Uint8Array | undefined>()

/**
 * Attributes of a thread that is to run while its maker goes on: on any processor but the one that the calling thread runs
 * on. The scheduler likes to queue a new thread behind its maker when the others are busy for a moment; what was to happen
 * beside the maker then begins a millisecond late, and in its place.
 *
 * @returns undefined where there is no other processor. They are as the process's were when this was first asked for.
 */
export function onOtherProcessors(): Uint8Array | undefined {
  const processor = currentProcessor()
  if (!known.has(processor)) known.set(processor, attributesWithout(processor))
  return known.get(processor)
}

function attributesWithout(processor: number): Uint8Array | undefined {
  const set = Buffer.alloc(SET_SIZE)
  if (processor < 0 || processor >= SET_SIZE * 8 || readAffinity(0, SET_SIZE, set) !== 0) return undefined
  const at = Math.floor(processor / 8)
  set[at] = (set[at] ?? 0) & ~(1 << (processor % 8))
  if (set.every((byte) => byte === 0)) return undefined
  const attributes = Buffer.alloc(ATTRIBUTES_SIZE)
  if (initializeAttributes(attributes) !== 0 || setAffinity(attributes, SET_SIZE, set) !== 0) return undefined
  return attributes
}
