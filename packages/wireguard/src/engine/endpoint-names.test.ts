import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { EndpointNames } from './endpoint-names.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const setting = { host: 'vpn.example.org', port: 51_820 }

/** Names that are found as `resolve` says, and the times at which it was asked, ms. */
function namesFrom(resolve: () => Promise<readonly string[]>): { names: EndpointNames; asked: number[] } {
  const asked: number[] = []
  const names = new EndpointNames({
    resolve() {
      asked.push(Date.now())
      return resolve()
    },
    families: [4, 6],
    routes: { hasRoute: () => true, [Symbol.dispose]() {} },
    onResolved() {},
    onFailed() {},
  })
  return { names, asked }
}
const gaps = (times: readonly number[]): number[] => times.slice(1).map((time, index) => time - times[index]!)

test('however long a name could not be found, it is asked for every five seconds, as peers are', async () => {
  const { names, asked } = namesFrom(() => Promise.reject(new Error('there is no network')))
  await names.add('peer', setting)
  await vi.advanceTimersByTimeAsync(600_000)
  expect(gaps(asked).slice(0, 3)).toEqual([2000, 4000, 5000])
  expect(new Set(gaps(asked).slice(2))).toEqual(new Set([5000]))
  names[Symbol.dispose]()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(Date.now() - asked.at(-1)!).toBeGreaterThanOrEqual(60_000)
})

test('a name that was found and is lost again is asked for as soon as at first', async () => {
  let isThere = false
  const { names, asked } = namesFrom(() =>
    isThere ? Promise.resolve(['192.0.2.1']) : Promise.reject(new Error('no answer')),
  )
  await names.add('peer', setting)
  await vi.advanceTimersByTimeAsync(60_000)
  isThere = true
  await vi.advanceTimersByTimeAsync(60_000)
  isThere = false
  asked.length = 0
  names.unanswered('peer')
  await vi.advanceTimersByTimeAsync(7000)
  expect(gaps(asked)).toEqual([2000, 4000])
  names[Symbol.dispose]()
})

/** A network whose way to IPv4 comes and goes. */
function literalIn(network: { ipv4: boolean; translated: readonly string[] }): {
  names: EndpointNames
  resolved: string[]
  failed: string[]
} {
  const resolved: string[] = []
  const failed: string[] = []
  const names = new EndpointNames({
    resolve: () => Promise.reject(new Error('it is no name')),
    translate: async () => network.translated,
    families: [4, 6],
    routes: { hasRoute: (address) => address.includes(':') || network.ipv4, [Symbol.dispose]() {} },
    onResolved: (_publicKey, { address }) => void resolved.push(address),
    onFailed: (_publicKey, name, reason) => void failed.push(`${name}: ${reason}`),
  })
  return { names, resolved, failed }
}
const literal = { host: '192.0.2.1', port: 51_820 }

test('an address that can be reached is nobody’s business, whether the peer answers or not', async () => {
  const { failed, names, resolved } = literalIn({ ipv4: true, translated: ['64:ff9b::c000:201'] })
  await names.add('peer', literal)
  names.unanswered('peer')
  await vi.advanceTimersByTimeAsync(60_000)
  expect([...resolved, ...failed]).toEqual([])
  names[Symbol.dispose]()
})

test('an address of IPv4 is translated where no route leads there, and is itself again where one does', async () => {
  const network = { ipv4: true, translated: ['64:ff9b::c000:201'] }
  const { failed, names, resolved } = literalIn(network)
  await names.add('peer', literal)
  network.ipv4 = false
  names.unanswered('peer')
  await vi.advanceTimersByTimeAsync(0)
  expect(resolved).toEqual(['64:ff9b::c000:201'])
  network.ipv4 = true
  names.unanswered('peer')
  await vi.advanceTimersByTimeAsync(0)
  expect(resolved).toEqual(['64:ff9b::c000:201', '192.0.2.1'])
  expect(failed).toEqual([])
  names[Symbol.dispose]()
})

test('where there is no way at all that is told, until there is one', async () => {
  const network = { ipv4: false, translated: [] as string[] }
  const { failed, names, resolved } = literalIn(network)
  await names.add('peer', literal)
  expect(failed).toEqual([
    '192.0.2.1: no route leads there, and no way by NAT64 is known: this network has none',
  ])
  await vi.advanceTimersByTimeAsync(60_000)
  expect(failed.length).toBeGreaterThan(10)
  network.translated = ['64:ff9b::c000:201']
  await vi.advanceTimersByTimeAsync(5000)
  expect(resolved).toEqual(['64:ff9b::c000:201'])
  names[Symbol.dispose]()
})
