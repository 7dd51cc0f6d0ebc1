import { Rtnetlink, unshare } from '@vpnext/native'
import { beforeAll, expect, test } from 'vitest'

import { MulticastSocket } from './multicast-socket.ts'

const group = { address: '239.1.2.3', family: 1, port: 5353 }
const freely = (): Promise<void> => Promise.resolve()

// A network of its own, in which groups are reached by the loopback interface.
beforeAll(() => {
  unshare({ network: true })
  using netlink = Rtnetlink.open()
  const index = netlink.links().find(({ name }) => name === 'lo')?.index ?? 0
  netlink.apply([
    { op: 'setLink', index, up: true },
    {
      op: 'addRoute',
      route: { family: 4, destination: '224.0.0.0/4', table: 254, type: 'unicast', index },
    },
  ])
})

test('who has joined a group hears it, and who has left does not', async () => {
  const listener = new MulticastSocket(freely)
  await listener.setMulticastTTL(3)
  await listener.addMembership(group)
  expect([await listener.getMulticastTTL(), await listener.getLoopbackMode()]).toEqual([3, true])
  expect((await listener.getSocketFd()) ?? -1).toBeGreaterThan(2)
  const heard: string[] = []
  let wake = (): void => undefined
  listener.on('message', ({ message }: { message: ArrayBuffer }) => {
    heard.push(Buffer.from(message).toString())
    wake()
  })
  const sender = new MulticastSocket(freely)
  await sender.bind({ address: '127.0.0.1', family: 1 })
  const arrived = new Promise<void>((resolve) => (wake = resolve))
  await sender.send({ data: 'joined', address: group })
  await arrived
  await listener.dropMembership(group)
  await sender.send({ data: 'left', address: group })
  // The positive control: it arrives after whatever came before it.
  const last = new Promise<void>((resolve) => (wake = resolve))
  await sender.send({ data: 'direct', address: { address: '127.0.0.1', family: 1, port: group.port } })
  await last
  expect(heard).toEqual(['joined', 'direct'])
  await expect(listener.setMulticastTTL(256)).rejects.toThrow(expect.objectContaining({ code: 2301022 }))
  await sender.close()
  await listener.close()
})
