declare module '@ohos.util.ArrayList' {
  /** A list that grows. Errors: 401, 10200001 (out of range). */
  export default class ArrayList<T> {
    readonly length: number;
    [index: number]: T
    add(element: T): boolean
    insert(element: T, index: number): void
    has(element: T): boolean
    getIndexOf(element: T): number
    getLastIndexOf(element: T): number
    removeByIndex(index: number): T
    remove(element: T): boolean
    removeByRange(fromIndex: number, toIndex: number): void
    replaceAllElements(make: (value: T, index?: number, list?: ArrayList<T>) => T, thisArg?: unknown): void
    forEach(visit: (value: T, index?: number, list?: ArrayList<T>) => void, thisArg?: unknown): void
    subArrayList(fromIndex: number, toIndex: number): ArrayList<T>
    /** As `Array.sort`. */
    sort(compare?: (one: T, other: T) => number): void
    clear(): void
    clone(): ArrayList<T>
    getCapacity(): number
    convertToArray(): T[]
    isEmpty(): boolean
    increaseCapacityTo(newCapacity: number): void
    trimToCurrentLength(): void
    [Symbol.iterator](): IterableIterator<T>
  }
}

declare module '@ohos.util.Vector' {
  /** Newer code writes ArrayList. Errors: 401, 10200001. */
  export default class Vector<T> {
    readonly length: number;
    [index: number]: T
    add(element: T): boolean
    insert(element: T, index: number): void
    has(element: T): boolean
    get(index: number): T
    set(index: number, element: T): T
    getIndexOf(element: T): number
    getLastIndexOf(element: T): number
    getIndexFrom(element: T, index: number): number
    getLastIndexFrom(element: T, index: number): number
    getFirstElement(): T
    getLastElement(): T
    removeByIndex(index: number): T
    remove(element: T): boolean
    removeByRange(fromIndex: number, toIndex: number): void
    replaceAllElements(make: (value: T, index?: number, vector?: Vector<T>) => T, thisArg?: unknown): void
    forEach(visit: (value: T, index?: number, vector?: Vector<T>) => void, thisArg?: unknown): void
    subVector(fromIndex: number, toIndex: number): Vector<T>
    sort(compare?: (one: T, other: T) => number): void
    clear(): void
    clone(): Vector<T>
    getCapacity(): number
    convertToArray(): T[]
    copyToArray(array: T[]): void
    isEmpty(): boolean
    increaseCapacityTo(newCapacity: number): void
    trimToCurrentLength(): void
    setLength(newSize: number): void
    toString(): string
    [Symbol.iterator](): IterableIterator<T>
  }
}

declare module '@ohos.util.List' {
  /** Errors: 401, 10200001. */
  export default class List<T> {
    readonly length: number;
    [index: number]: T
    add(element: T): boolean
    insert(element: T, index: number): void
    get(index: number): T
    set(index: number, element: T): T
    has(element: T): boolean
    getIndexOf(element: T): number
    getLastIndexOf(element: T): number
    getFirst(): T
    getLast(): T
    removeByIndex(index: number): T
    remove(element: T): boolean
    replaceAllElements(make: (value: T, index?: number, list?: List<T>) => T, thisArg?: unknown): void
    forEach(visit: (value: T, index?: number, list?: List<T>) => void, thisArg?: unknown): void
    getSubList(fromIndex: number, toIndex: number): List<T>
    sort(compare: (one: T, other: T) => number): void
    equal(other: object): boolean
    convertToArray(): T[]
    clear(): void
    isEmpty(): boolean
    [Symbol.iterator](): IterableIterator<T>
  }
}

declare module '@ohos.util.LinkedList' {
  /** Errors: 401, 10200001, 10200010 (empty). */
  export default class LinkedList<T> {
    readonly length: number
    add(element: T): boolean
    addFirst(element: T): void
    insert(element: T, index: number): void
    get(index: number): T
    set(index: number, element: T): T
    has(element: T): boolean
    getIndexOf(element: T): number
    getLastIndexOf(element: T): number
    getFirst(): T
    getLast(): T
    removeByIndex(index: number): T
    remove(element: T): boolean
    removeFirst(): T
    removeLast(): T
    removeFirstFound(element: T): boolean
    removeLastFound(element: T): boolean
    forEach(visit: (value: T, index?: number, list?: LinkedList<T>) => void, thisArg?: unknown): void
    convertToArray(): T[]
    clear(): void
    clone(): LinkedList<T>
    [Symbol.iterator](): IterableIterator<T>
  }
}

declare module '@ohos.util.Deque' {
  /** What is taken from an empty one is undefined. */
  export default class Deque<T> {
    readonly length: number
    insertFront(element: T): void
    insertEnd(element: T): void
    has(element: T): boolean
    popFirst(): T
    popLast(): T
    getFirst(): T
    getLast(): T
    forEach(visit: (value: T, index?: number, deque?: Deque<T>) => void, thisArg?: unknown): void
    [Symbol.iterator](): IterableIterator<T>
  }
}

declare module '@ohos.util.Queue' {
  /** What is taken from an empty one is undefined. */
  export default class Queue<T> {
    readonly length: number
    add(element: T): boolean
    pop(): T
    getFirst(): T
    forEach(visit: (value: T, index?: number, queue?: Queue<T>) => void, thisArg?: unknown): void
    [Symbol.iterator](): IterableIterator<T>
  }
}

declare module '@ohos.util.Stack' {
  /** What is taken from an empty one is undefined. */
  export default class Stack<T> {
    readonly length: number
    isEmpty(): boolean
    peek(): T
    pop(): T
    push(item: T): T
    /** From the bottom; -1 for none. */
    locate(element: T): number
    forEach(visit: (value: T, index?: number, stack?: Stack<T>) => void, thisArg?: unknown): void
    [Symbol.iterator](): IterableIterator<T>
  }
}

declare module '@ohos.util.HashMap' {
  export default class HashMap<K, V> {
    readonly length: number
    isEmpty(): boolean
    hasKey(key: K): boolean
    hasValue(value: V): boolean
    get(key: K): V
    set(key: K, value: V): object
    setAll(map: HashMap<K, V>): void
    remove(key: K): V
    replace(key: K, newValue: V): boolean
    clear(): void
    keys(): IterableIterator<K>
    values(): IterableIterator<V>
    entries(): IterableIterator<[K, V]>
    forEach(visit: (value?: V, key?: K, map?: HashMap<K, V>) => void, thisArg?: unknown): void
    [Symbol.iterator](): IterableIterator<[K, V]>
  }
}

declare module '@ohos.util.TreeMap' {
  /** In the order of its keys. */
  export default class TreeMap<K, V> {
    /** @param comparator whether the first key comes before the second */
    constructor(comparator?: (firstValue: K, secondValue: K) => boolean)
    readonly length: number
    isEmpty(): boolean
    hasKey(key: K): boolean
    hasValue(value: V): boolean
    get(key: K): V
    getFirstKey(): K
    getLastKey(): K
    getLowerKey(key: K): K
    getHigherKey(key: K): K
    set(key: K, value: V): object
    setAll(map: TreeMap<K, V>): void
    remove(key: K): V
    replace(key: K, newValue: V): boolean
    clear(): void
    keys(): IterableIterator<K>
    values(): IterableIterator<V>
    entries(): IterableIterator<[K, V]>
    forEach(visit: (value?: V, key?: K, map?: TreeMap<K, V>) => void, thisArg?: unknown): void
    [Symbol.iterator](): IterableIterator<[K, V]>
  }
}

declare module '@ohos.util.LightWeightMap' {
  /** Errors: 401, 10200001. */
  export default class LightWeightMap<K, V> {
    readonly length: number
    isEmpty(): boolean
    hasAll(map: LightWeightMap<K, V>): boolean
    hasKey(key: K): boolean
    hasValue(value: V): boolean
    get(key: K): V
    getIndexOfKey(key: K): number
    getIndexOfValue(value: V): number
    getKeyAt(index: number): K
    getValueAt(index: number): V
    set(key: K, value: V): object
    setAll(map: LightWeightMap<K, V>): void
    setValueAt(index: number, newValue: V): boolean
    remove(key: K): V
    removeAt(index: number): boolean
    increaseCapacityTo(minimumCapacity: number): void
    clear(): void
    keys(): IterableIterator<K>
    values(): IterableIterator<V>
    entries(): IterableIterator<[K, V]>
    forEach(visit: (value?: V, key?: K, map?: LightWeightMap<K, V>) => void, thisArg?: unknown): void
    toString(): string
    [Symbol.iterator](): IterableIterator<[K, V]>
  }
}

declare module '@ohos.util.PlainArray' {
  /** Numbers to values, in the order of the numbers. Errors: 401, 10200001. */
  export default class PlainArray<T> {
    readonly length: number
    add(key: number, value: T): void
    clear(): void
    clone(): PlainArray<T>
    has(key: number): boolean
    get(key: number): T
    getIndexOfKey(key: number): number
    getIndexOfValue(value: T): number
    isEmpty(): boolean
    getKeyAt(index: number): number
    getValueAt(index: number): T
    setValueAt(index: number, value: T): void
    remove(key: number): T
    removeAt(index: number): T
    removeRangeFrom(index: number, size: number): number
    toString(): string
    forEach(visit: (value: T, index?: number, array?: PlainArray<T>) => void, thisArg?: unknown): void
    [Symbol.iterator](): IterableIterator<[number, T]>
  }
}

declare module '@ohos.util.HashSet' {
  export default class HashSet<T> {
    readonly length: number
    isEmpty(): boolean
    has(value: T): boolean
    add(value: T): boolean
    remove(value: T): boolean
    clear(): void
    forEach(visit: (value?: T, key?: T, set?: HashSet<T>) => void, thisArg?: unknown): void
    values(): IterableIterator<T>
    entries(): IterableIterator<[T, T]>
    [Symbol.iterator](): IterableIterator<T>
  }
}

declare module '@ohos.util.TreeSet' {
  /** In the order of its values. Errors: 10200010 (empty). */
  export default class TreeSet<T> {
    /** @param comparator whether the first value comes before the second */
    constructor(comparator?: (firstValue: T, secondValue: T) => boolean)
    readonly length: number
    isEmpty(): boolean
    has(value: T): boolean
    add(value: T): boolean
    remove(value: T): boolean
    clear(): void
    getFirstValue(): T
    getLastValue(): T
    getLowerValue(value: T): T
    getHigherValue(value: T): T
    popFirst(): T
    popLast(): T
    forEach(visit: (value?: T, key?: T, set?: TreeSet<T>) => void, thisArg?: unknown): void
    values(): IterableIterator<T>
    entries(): IterableIterator<[T, T]>
    [Symbol.iterator](): IterableIterator<T>
  }
}

declare module '@ohos.util.LightWeightSet' {
  export default class LightWeightSet<T> {
    readonly length: number
    isEmpty(): boolean
    has(value: T): boolean
    hasAll(set: LightWeightSet<T>): boolean
    add(value: T): boolean
    addAll(set: LightWeightSet<T>): boolean
    equal(other: object): boolean
    increaseCapacityTo(minimumCapacity: number): void
    getIndexOf(value: T): number
    getValueAt(index: number): T
    remove(value: T): T
    removeAt(index: number): boolean
    clear(): void
    forEach(visit: (value?: T, key?: T, set?: LightWeightSet<T>) => void, thisArg?: unknown): void
    toArray(): T[]
    toString(): string
    values(): IterableIterator<T>
    entries(): IterableIterator<[T, T]>
    [Symbol.iterator](): IterableIterator<T>
  }
}

declare module '@kit.ArkTS' {
  import ArrayList from '@ohos.util.ArrayList'
  import Deque from '@ohos.util.Deque'
  import HashMap from '@ohos.util.HashMap'
  import HashSet from '@ohos.util.HashSet'
  import LightWeightMap from '@ohos.util.LightWeightMap'
  import LightWeightSet from '@ohos.util.LightWeightSet'
  import LinkedList from '@ohos.util.LinkedList'
  import List from '@ohos.util.List'
  import PlainArray from '@ohos.util.PlainArray'
  import Queue from '@ohos.util.Queue'
  import Stack from '@ohos.util.Stack'
  import TreeMap from '@ohos.util.TreeMap'
  import TreeSet from '@ohos.util.TreeSet'
  import Vector from '@ohos.util.Vector'
  export {
    ArrayList,
    Deque,
    HashMap,
    HashSet,
    LightWeightMap,
    LightWeightSet,
    LinkedList,
    List,
    PlainArray,
    Queue,
  }
  export { Stack, TreeMap, TreeSet, Vector }
}
