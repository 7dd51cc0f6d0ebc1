import { provide } from '../../provided.ts'
import { SendableArray } from './sendable-array.ts'
import { addSendableContainers } from './sendable-classes.ts'

/**
 * `collections` of `@kit.ArkTS`: containers that tasks may share on a device. Here they are as the language's own, and what goes to a thread is copied.
 */
export function collectionsNamespace(): object {
  addSendableContainers(containers)
  return provide('collections', containers)
}

/** Of their own, so that they are told from those that a task takes along. */
const containers = {
  Array: SendableArray,
  Map: class Map<K, V> extends globalThis.Map<K, V> {},
  Set: class Set<T> extends globalThis.Set<T> {},
  ArrayBuffer: class ArrayBuffer extends globalThis.ArrayBuffer {},
  Int8Array: class Int8Array extends globalThis.Int8Array {},
  Uint8Array: class Uint8Array extends globalThis.Uint8Array {},
  Uint8ClampedArray: class Uint8ClampedArray extends globalThis.Uint8ClampedArray {},
  Int16Array: class Int16Array extends globalThis.Int16Array {},
  Uint16Array: class Uint16Array extends globalThis.Uint16Array {},
  Int32Array: class Int32Array extends globalThis.Int32Array {},
  Uint32Array: class Uint32Array extends globalThis.Uint32Array {},
  Float32Array: class Float32Array extends globalThis.Float32Array {},
  Float64Array: class Float64Array extends globalThis.Float64Array {},
}
