import { parameterError } from '../../parameters.ts'

/** What streams carry: it arrives as it was sent. */
export type Chunk = string | Uint8Array

/** Bytes that a stream keeps before it says that it is full. */
export const highWatermark: number = 16 * 1024

const encodings: readonly unknown[] = ['utf8', 'utf-8', 'gb18030', 'gbk', 'gb2312']

/** In bytes, a text as UTF-8. */
export function sizeOf(chunk: Chunk): number {
  return typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.length
}

/** @throws BusinessError 401 */
export function chunkParameter(value: unknown): Chunk {
  if (typeof value === 'string' || value instanceof Uint8Array) return value
  throw parameterError('chunk', 'is neither a text nor a Uint8Array')
}

/** @returns utf8 when there is none. @throws BusinessError 401 */
export function encodingParameter(value: unknown): string {
  if (value === undefined || value === null) return 'utf8'
  if (typeof value === 'string' && encodings.includes(value.toLowerCase())) return value.toLowerCase()
  throw parameterError('encoding', 'is none of utf8, gb18030, gbk and gb2312')
}

/** Whether a subclass has a method of its own. */
export function overrides(stream: object, base: object, method: string): boolean {
  return Reflect.get(stream, method) !== Reflect.get(base, method)
}
