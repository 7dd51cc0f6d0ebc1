import type { MessagePort } from 'node:worker_threads'

/** What a thread that the kits have begun is for. */
export type ThreadRole = {
  readonly script: string
  /** For `obeyControl`. */
  readonly control: MessagePort
} & (
  { readonly kind: 'tasks' } | { readonly kind: 'worker'; readonly name: string; readonly calls: MessagePort }
)

/** A thread that the kits have begun, and its way to the one that began it. */
export interface ThreadPlace {
  readonly role: ThreadRole
  readonly port: MessagePort
}

const mark = 'vpnext.thread'

/** The `workerData` of such a thread. */
export function threadData(role: ThreadRole): object {
  return { [mark]: role }
}

/** @param data the thread's `workerData`. @returns undefined for a thread that extension code has begun by itself */
export function threadPlace(data: unknown, port: MessagePort | null): ThreadPlace | undefined {
  if (typeof data !== 'object' || data === null || port === null) return undefined
  const role: unknown = Reflect.get(data, mark)
  return isRole(role) ? { role, port } : undefined
}

function isRole(value: unknown): value is ThreadRole {
  return typeof value === 'object' && value !== null && 'kind' in value && 'script' in value
}
