import { once } from 'node:events'
import { type AddressInfo, createServer, Socket } from 'node:net'
import { expect, test } from 'vitest'

import { inetSocket } from './inet-socket.ts'
import { tcpTraffic } from './tcp-traffic.ts'

test('what a connection has carried in each direction; another kind of socket has no such count', async () => {
  const server = createServer((peer) => peer.pipe(peer))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  using own = inetSocket(4, 'stream', { nonBlocking: true })
  expect(tcpTraffic(own)).toEqual({ received: 0, sent: 0 })
  using copy = own.dup()
  const socket = new Socket({ fd: own.release() })
  socket.connect((server.address() as AddressInfo).port, '127.0.0.1')
  await once(socket, 'connect')
  let received = 0
  socket.write(Buffer.alloc(1000))
  for await (const chunk of socket) {
    received += (chunk as Buffer).length
    if (received === 1000) break
  }
  expect(tcpTraffic(copy)).toEqual({ received: 1000, sent: 1000 })
  copy.close()
  server.close()
  await once(server, 'close')
  using datagram = inetSocket(4, 'dgram', { nonBlocking: true })
  expect(() => tcpTraffic(datagram)).toThrow(expect.objectContaining({ syscall: 'getsockopt' }))
})
