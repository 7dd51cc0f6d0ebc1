import { isSendableObject } from '../sendable/sendable-classes.ts'

/**
 * The buffers in a task's arguments, as deep as plain objects, lists, maps and sets go, but for those that tasks may share on a device: they go to the thread, and are empty here afterwards.
 *
 * @param kept those that are copied
 */
export function transferredBuffers(args: readonly unknown[], kept: readonly unknown[]): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>()
  const seen = new Set<object>()
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value) || isSendableObject(value)) return
    seen.add(value)
    if (value instanceof ArrayBuffer) found.add(value)
    else if (ArrayBuffer.isView(value)) visit(value.buffer)
    else if (value instanceof Map) for (const entry of value) visit(entry)
    else if (Array.isArray(value) || value instanceof Set) for (const each of value) visit(each)
    else for (const each of Object.values(value)) visit(each)
  }
  visit(args)
  return [...found].filter((buffer) => buffer.byteLength > 0 && !kept.includes(buffer))
}
