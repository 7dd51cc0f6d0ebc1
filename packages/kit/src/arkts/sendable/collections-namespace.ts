import { provide } from '../../provided.ts'
import { SendableArray } from './sendable-array.ts'

/**
 * `collections` of `@kit.ArkTS`: containers that tasks may share on a device. Here they are the language's own, and what goes to a thread is copied.
 */
export function collectionsNamespace(): object {
  return provide('collections', {
    Array: SendableArray,
    Map,
    Set,
    ArrayBuffer,
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
  })
}
