/** A remote object as extension code has it: its own, or the proxy of another process's. */
export interface IRemoteObject {
  getDescriptor(): string
}

/** Marks what was made here, so that a look-alike is none. */
const made = new WeakSet<object>()

export function markRemoteObject(object: IRemoteObject): void {
  made.add(object)
}

export function isRemoteObject(value: unknown): value is IRemoteObject {
  return typeof value === 'object' && value !== null && made.has(value)
}
