import dns from 'node:dns'
import { once } from 'node:events'
import { type AddressInfo, type Socket, createServer } from 'node:net'
import { Rtnetlink, openFds, unshare } from '@vpnext/native'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'

import { TcpSocket } from './tcp-socket.ts'

const late = expect.objectContaining({ code: 2301110 })
/** Nobody is behind the other end, which has no address. */
const silent = '10.9.0.7'

// The test has a network of its own: nothing leaves the machine.
beforeAll(() => {
  unshare({ network: true })
  using netlink = Rtnetlink.open()
  netlink.apply([{ op: 'addLink', kind: 'veth', name: 'here0', peer: { name: 'there0' } }])
  const index = (name: string): number => netlink.links().find((link) => link.name === name)?.index ?? 0
  netlink.apply([
    { op: 'setLink', index: index('lo'), up: true },
    { op: 'setLink', index: index('there0'), up: true },
    { op: 'setLink', index: index('here0'), up: true },
    { op: 'addAddress', index: index('here0'), address: '10.9.0.1', prefixLength: 24 },
  ])
})
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  expect(openFds()).toBe(0)
})

/** Lets what waits for a turn of its own run. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** Connects, and tells what it has failed with after so many milliseconds; undefined: it goes on. */
async function failureAfter(time: number, options: object): Promise<unknown> {
  const socket = new TcpSocket(() => Promise.resolve())
  let failure: unknown
  const connected = socket.connect(options)?.catch((error: unknown) => (failure = error))
  await turns()
  vi.advanceTimersByTime(time)
  await turns()
  const known = failure
  await socket.close()
  await connected
  return known
}

test.each([
  ['absent', {}],
  ['0', { timeout: 0 }],
])('a server that does not answer has 5 s when the time-out is %s', async (_name, options) => {
  const address = { address: silent, port: 9 }
  expect(await failureAfter(4999, { address, ...options })).toBeUndefined()
  expect(await failureAfter(5000, { address, ...options })).toEqual(late)
})

test('closed while it connects, it is closed at once', async () => {
  const socket = new TcpSocket(() => Promise.resolve())
  const outcome = (socket.connect({ address: { address: silent, port: 9 } }) as Promise<void>).catch(
    (error: unknown) => error,
  )
  await turns()
  await socket.close()
  expect(await outcome).toEqual(expect.objectContaining({ code: 2301103 }))
})

test('closed while the other end takes nothing, it is closed in time', async () => {
  const stalled: Socket[] = []
  const server = createServer((client) => stalled.push(client.pause()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const socket = new TcpSocket(() => Promise.resolve())
  await socket.connect({ address: { address: '127.0.0.1', port } })
  // More than the kernel takes of a connection that nobody reads.
  const sent = (socket.send({ data: new ArrayBuffer(64 * 1024 * 1024) }) as Promise<void>).catch(
    (error: unknown) => error,
  )
  let isClosed = false
  const closing = (socket.close() as Promise<void>).then(() => (isClosed = true))
  await turns()
  expect(isClosed).toBe(false)
  vi.advanceTimersByTime(5000)
  await closing
  await sent
  for (const client of stalled) client.destroy()
  server.close()
  await once(server, 'close')
})

test('or as long as was said', async () => {
  const address = { address: silent, port: 9 }
  expect(await failureAfter(5999, { address, timeout: 6000 })).toBeUndefined()
  expect(await failureAfter(6000, { address, timeout: 6000 })).toEqual(late)
})

test('they begin when its name is known', async () => {
  let answer: (() => void) | undefined
  vi.spyOn(dns, 'lookup').mockImplementation((...args: unknown[]) => {
    answer = () => (args.at(-1) as (error: null, address: string, family: number) => void)(null, silent, 4)
  })
  const socket = new TcpSocket(() => Promise.resolve())
  const connected = socket.connect({ address: { address: 'slow.example', port: 9 } }) as Promise<void>
  const outcome = connected.catch((error: unknown) => error)
  await turns()
  vi.advanceTimersByTime(20_000)
  await turns()
  expect(await socket.getState()).toMatchObject({ isClose: false })
  answer?.()
  await turns()
  vi.advanceTimersByTime(5000)
  expect(await outcome).toEqual(late)
})
