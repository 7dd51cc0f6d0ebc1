/**
 * Calls by their ids, most of the time one or none: a Map that is replaced when it becomes empty. The table of a Map that is always
 * filled and emptied is made anew each time, in V8's old space once one has lived there, and each table holds the next one, with
 * what it names, until all of the heap is collected.
 */
export class CallMap<T> {
  #map = new Map<number, T>()

  get(id: number): T | undefined {
    return this.#map.get(id)
  }

  has(id: number): boolean {
    return this.#map.has(id)
  }

  set(id: number, call: T): void {
    this.#map.set(id, call)
  }

  delete(id: number): void {
    if (this.#map.size === 1 && this.#map.has(id)) this.clear()
    else this.#map.delete(id)
  }

  values(): Iterable<T> {
    return this.#map.values()
  }

  clear(): void {
    this.#map = new Map()
  }
}
