import { Blob as NodeBlob } from 'node:buffer'

import { listParameter, parameterError } from '../parameters.ts'

interface BlobOptions {
  readonly type?: string
  readonly endings?: 'transparent' | 'native'
}

/** `buffer.Blob`: bytes that do not change. */
export class Blob {
  #blob: NodeBlob

  /** @param sources texts, ArrayBuffers, views of them, and blobs. @throws BusinessError 401 */
  constructor(sources: unknown, options: BlobOptions = {}) {
    const parts = listParameter(sources, 'sources', (source, field) => {
      if (source instanceof Blob) return source.#blob
      if (typeof source === 'string' || source instanceof ArrayBuffer) return source
      if (ArrayBuffer.isView(source)) {
        return new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
      }
      throw parameterError(field, 'is neither text, a buffer nor a blob')
    })
    // The only line end of Linux is the one that texts have already.
    this.#blob = new NodeBlob(parts, { type: options.type ?? '' })
  }

  get size(): number {
    return this.#blob.size
  }
  get type(): string {
    return this.#blob.type
  }
  arrayBuffer(): Promise<ArrayBuffer> {
    return this.#blob.arrayBuffer()
  }
  text(): Promise<string> {
    return this.#blob.text()
  }
  slice(start?: number, end?: number, type?: string): Blob {
    const part = new Blob([])
    part.#blob = this.#blob.slice(start, end, type)
    return part
  }
}
