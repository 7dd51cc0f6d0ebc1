type Visit = (value: unknown, index: number, container: unknown) => void

/** Elements by their place in time: taking from either end takes as long with many elements as with few. */
class Ends {
  readonly #elements = new Map<number, unknown>()
  /** The place of the first element, and that behind the last. */
  #first = 0
  #behind = 0

  get length(): number {
    return this.#behind - this.#first
  }

  [Symbol.iterator](): IterableIterator<unknown> {
    return this.#ordered()[Symbol.iterator]()
  }

  forEach(visit: Visit, thisArgument?: unknown): void {
    for (const [index, value] of this.#ordered().entries())
      Reflect.apply(visit, thisArgument, [value, index, this])
  }

  protected addFirst(element: unknown): void {
    this.#elements.set(--this.#first, element)
  }

  protected addLast(element: unknown): void {
    this.#elements.set(this.#behind++, element)
  }

  protected peekFirst(): unknown {
    return this.#elements.get(this.#first)
  }

  protected peekLast(): unknown {
    return this.#elements.get(this.#behind - 1)
  }

  protected takeFirst(): unknown {
    if (this.length === 0) return undefined
    const element = this.#elements.get(this.#first)
    this.#elements.delete(this.#first++)
    return element
  }

  protected takeLast(): unknown {
    if (this.length === 0) return undefined
    const element = this.#elements.get(--this.#behind)
    this.#elements.delete(this.#behind)
    return element
  }

  protected placeOf(element: unknown): number {
    return this.#ordered().indexOf(element)
  }

  #ordered(): unknown[] {
    return Array.from({ length: this.length }, (_none, index) => this.#elements.get(this.#first + index))
  }
}

/** `Deque`. */
export class Deque extends Ends {
  insertFront(element: unknown): void {
    this.addFirst(element)
  }
  insertEnd(element: unknown): void {
    this.addLast(element)
  }
  has(element: unknown): boolean {
    return this.placeOf(element) !== -1
  }
  popFirst(): unknown {
    return this.takeFirst()
  }
  popLast(): unknown {
    return this.takeLast()
  }
  getFirst(): unknown {
    return this.peekFirst()
  }
  getLast(): unknown {
    return this.peekLast()
  }
}

/** `Queue`. */
export class Queue extends Ends {
  add(element: unknown): boolean {
    this.addLast(element)
    return true
  }
  pop(): unknown {
    return this.takeFirst()
  }
  getFirst(): unknown {
    return this.peekFirst()
  }
}

/** `Stack`. */
export class Stack extends Ends {
  push(element: unknown): unknown {
    this.addLast(element)
    return element
  }
  pop(): unknown {
    return this.takeLast()
  }
  peek(): unknown {
    return this.peekLast()
  }
  /** The place of an element from the bottom, -1 for none. */
  locate(element: unknown): number {
    return this.placeOf(element)
  }
  isEmpty(): boolean {
    return this.length === 0
  }
}
