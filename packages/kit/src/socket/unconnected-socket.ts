import { Socket } from 'node:net'

/**
 * A socket for a TCP descriptor that is not connected yet, which reads from when it is. Node reads from a descriptor at once
 * and fails with ENOTCONN, unless it is connected in the same turn: not while a name is looked up or the service is asked.
 *
 * @param fd the socket's from now on
 */
export function unconnectedSocket(fd: number): Socket {
  // Not in node's documentation; its own sockets of terminals and child processes are made so. Checked with node 20.
  const options = { fd, manualStart: true }
  return new Socket(options)
}
