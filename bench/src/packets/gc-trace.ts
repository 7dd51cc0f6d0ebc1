/** One collection of garbage, as V8 tells it with `--trace-gc-nvp`. */
export interface Collection {
  /** Whose heap: a thread of the process. */
  readonly heap: string
  /** Bytes allocated since the collection before. */
  readonly allocated: number
  /** Bytes in use afterwards. */
  readonly used: number
}

/** @returns nothing for a line that tells something else */
export function readCollection(line: string): Collection | undefined {
  const heap = /^\[\d+:(0x[0-9a-f]+)\]/.exec(line)?.[1]
  const allocated = / allocated=(\d+)/.exec(line)?.[1]
  const used = / total_size_after=(\d+)/.exec(line)?.[1]
  if (heap === undefined || allocated === undefined || used === undefined) return undefined
  return { heap, allocated: Number(allocated), used: Number(used) }
}

/** The heap that allocates most: of the thread that moves packets. */
export function busiestHeap(collections: readonly Collection[]): Collection[] {
  const heaps = new Map<string, Collection[]>()
  for (const one of collections) heaps.set(one.heap, [...(heaps.get(one.heap) ?? []), one])
  const total = (of: readonly Collection[]): number => of.reduce((sum, { allocated }) => sum + allocated, 0)
  return [...heaps.values()].toSorted((a, b) => total(b) - total(a))[0] ?? []
}
