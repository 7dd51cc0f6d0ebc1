import type { Socket } from 'node:dgram'

/**
 * The descriptor of a bound UDP socket.
 *
 * node has no public way to it: `_handle` is deprecated (DEP0112), so this reads the same object from the state that
 * `dgram` keeps under a symbol. Checked with node 20.
 *
 * @throws Error when this node keeps it elsewhere
 */
export function udpDescriptor(socket: Socket): number {
  const symbol = Object.getOwnPropertySymbols(socket).find(
    ({ description }) => description === 'state symbol',
  )
  const state = symbol === undefined ? undefined : member(socket, symbol)
  const fd = member(member(state, 'handle'), 'fd')
  if (typeof fd === 'number' && fd >= 0) return fd
  throw new Error('dgram: this version of node does not tell the descriptor of a socket')
}

function member(value: unknown, key: string | symbol): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}
