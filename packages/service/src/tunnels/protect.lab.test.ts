import { createSocket } from 'node:dgram'
import { currentUserNamespaceIsInitial, inetSocket, openFds, unshare } from '@vpnext/native'
import { defaultSettings } from '@vpnext/network'
import { beforeAll, expect, test } from 'vitest'
import { sampleRun } from '../../test/sample-target.ts'
import { protectSocket } from './protect.ts'
import type { TunnelEntry } from './tunnel-entry.ts'

beforeAll(() => unshare({ network: true }))

const run = sampleRun()
const tunnelWith = (offload: boolean): TunnelEntry =>
  ({ run, scope: { kind: 'device' }, config: { addresses: [], offload } }) as unknown as TunnelEntry

/** Sizes of a datagram socket's buffers, as the kernel counts them, once it was protected. */
function buffersUnder(tunnels: TunnelEntry[]): { receive: number; send: number } {
  const fd = inetSocket(4, 'dgram', { nonBlocking: true })
  protectSocket(fd.dup(), run, tunnels, defaultSettings())
  const socket = createSocket('udp4').bind({ fd: fd.release() })
  const sizes = { receive: socket.getRecvBufferSize(), send: socket.getSendBufferSize() }
  socket.close()
  return sizes
}

// Only the machine's root may go beyond what the system allows everybody.
test.skipIf(!currentUserNamespaceIsInitial())(
  'protected datagram sockets of a tunnel with offload get large buffers, and no others',
  () => {
    const before = openFds()
    const usual = buffersUnder([])
    expect(usual.receive).toBeLessThan(8 * 1024 * 1024)
    expect(buffersUnder([tunnelWith(false)])).toEqual(usual)
    // The kernel doubles what it is asked for (socket(7)).
    const large = 2 * 8 * 1024 * 1024
    expect(buffersUnder([tunnelWith(true)])).toEqual({ receive: large, send: large })
    expect(openFds()).toBe(before)
  },
)
