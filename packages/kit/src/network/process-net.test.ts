import { businessError } from '@vpnext/api'
import { expect, test, vi } from 'vitest'

import { type SocketKit, socketOf, testKits, vpnExtensionOf } from '../../test/test-runtime.ts'
import type { Kits } from '../kits.ts'

const protectProcessNet = (kits: Kits, ...args: unknown[]): Promise<void> =>
  vpnExtensionOf(kits)
    .createVpnConnection(kits.context)
    .protectProcessNet(...args)

async function useSockets(socket: SocketKit): Promise<void> {
  const udp = socket.constructUDPSocketInstance()
  await udp.bind({ address: '127.0.0.1' })
  await udp.close()
  const tcp = socket.constructTCPSocketInstance()
  await tcp.bind({ address: '127.0.0.1' })
  await tcp.close()
}

test.each([[[undefined]], [[() => undefined]], [[1, 2]]])(
  'takes no argument: 19900001 at once for %j',
  (args) => {
    const { kits } = testKits()
    expect(() => protectProcessNet(kits, ...args)).toThrow(expect.objectContaining({ code: 19900001 }))
  },
)

test('where the kernel protects the process, sockets are left alone', async () => {
  const protect = vi.fn(() => Promise.resolve())
  const protectProcess = vi.fn(() => Promise.resolve({ by: 'kernel' as const }))
  const { kits, log } = testKits({ protect, protectProcess })
  await expect(protectProcessNet(kits)).resolves.toBeUndefined()
  await protectProcessNet(kits)
  await useSockets(socketOf(kits))
  expect(protectProcess).toHaveBeenCalledTimes(1)
  expect(protect).not.toHaveBeenCalled()
  expect(log).toEqual([])
})

test('where it cannot, each socket of a kit is protected before it is used, and the log says so', async () => {
  const protect = vi.fn(() => Promise.resolve())
  const { kits, log } = testKits({ protect })
  await useSockets(socketOf(kits))
  expect(protect).not.toHaveBeenCalled()
  await protectProcessNet(kits)
  expect(log).toEqual([
    expect.objectContaining({
      level: 'warn',
      message: expect.stringContaining('no such service') as unknown,
    }),
  ])
  await useSockets(socketOf(kits))
  expect(protect).toHaveBeenCalledTimes(2)
})

test('a socket that cannot be protected is used all the same, and the log says so', async () => {
  const { kits, log } = testKits({ protect: () => Promise.reject(businessError(201)) })
  await protectProcessNet(kits)
  await useSockets(socketOf(kits))
  expect(log.filter(({ message }) => message.includes('a socket is not protected'))).toHaveLength(2)
})
