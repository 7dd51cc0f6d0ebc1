import type { Server, Socket } from 'node:net'

/** The descriptor of a node socket or server that has one, else -1. node has no public way to it. Checked with node 20. */
export function nodeDescriptor(socket: Socket | Server): number {
  const handle: unknown = Reflect.get(socket, '_handle')
  const fd: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : undefined
  return typeof fd === 'number' ? fd : -1
}
