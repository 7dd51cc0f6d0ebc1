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
