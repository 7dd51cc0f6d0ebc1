import { provide } from '../../provided.ts'
import { Duplex, Transform } from './duplex.ts'
import { Readable } from './readable.ts'
import { Writable } from './writable.ts'

/** `stream` of `@kit.ArkTS`. */
export function streamNamespace(): object {
  return provide('stream', { Duplex, Readable, Transform, Writable })
}
