import { BusinessError } from '@vpnext/api'
import { expect, test } from 'vitest'

import { testKits } from '../../test/test-runtime.ts'
import type { Kits } from '../kits.ts'
import type { EventDelivery } from './event-calls.ts'

type Namespace = Record<string, (...args: unknown[]) => unknown>
const code = (number: number): unknown => expect.objectContaining({ code: number })
const managerOf = (kits: Kits): Namespace =>
  Reflect.get(kits.load('@kit.BasicServicesKit') ?? {}, 'commonEventManager')
const delivery = (more: Partial<EventDelivery> = {}): EventDelivery => ({
  subscriber: 1,
  event: 'x',
  ordered: false,
  sticky: false,
  ...more,
})

function recording(): { kits: Kits; asked: unknown[]; manager: Namespace } {
  const asked: unknown[] = []
  const note =
    (name: string) =>
    (input: unknown): Promise<void> => {
      asked.push([name, input])
      return Promise.resolve()
    }
  const { kits } = testKits({
    publishEvent: note('publish'),
    subscribeEvents: note('subscribe'),
    unsubscribeEvents: note('unsubscribe'),
  })
  return { kits, asked, manager: managerOf(kits) }
}

test('publish hands over what it was given, cut to size, and calls back', async () => {
  const { asked, manager } = recording()
  const outcome = await new Promise((resolve) => {
    manager['publish']?.(
      'ü'.repeat(200),
      {
        code: 1,
        data: 'd',
        isOrdered: true,
        bundleName: 'a.b.c',
        parameters: { a: [1] },
        subscriberPermissions: ['p'],
      },
      (...args: unknown[]) => resolve(args),
    )
  })
  expect(outcome).toEqual([null, undefined])
  expect(asked).toEqual([
    [
      'publish',
      {
        event: 'ü'.repeat(127),
        subscriberPermissions: ['p'],
        ordered: true,
        sticky: false,
        bundleName: 'a.b.c',
        code: 1,
        data: 'd',
        parameters: { a: [1] },
      },
    ],
  ])
  expect(() => manager['publish']?.('x')).toThrow(code(401))
  expect(() => manager['publish']?.('x', { code: 'one' }, () => undefined)).toThrow(code(401))
  expect(() => manager['publish']?.(1, () => undefined)).toThrow(code(401))
})

test('a subscriber hears its events until it unsubscribes', async () => {
  const { kits, asked, manager } = recording()
  const info = { events: ['x'], priority: 5000, publisherBundleName: 'a.b.c' }
  const subscriber = (await manager['createSubscriber']?.(info)) as Namespace
  const heard: unknown[] = []
  manager['subscribe']?.(subscriber, (...args: unknown[]) => heard.push(args))
  expect(asked).toEqual([
    ['subscribe', { subscriber: 1, events: ['x'], priority: 1000, publisherBundleName: 'a.b.c' }],
  ])
  expect(await kits.deliverEvent(delivery({ data: 'd', parameters: { a: 1 } }))).toEqual({ aborted: false })
  expect(heard).toEqual([[null, { event: 'x', bundleName: '', code: 0, data: 'd', parameters: { a: 1 } }]])
  expect(subscriber['getSubscribeInfoSync']?.()).toMatchObject({ events: ['x'] })
  expect(await new Promise((resolve) => manager['unsubscribe']?.(subscriber, resolve))).toBeNull()
  await kits.deliverEvent(delivery())
  expect(heard).toHaveLength(1)
  expect(asked.at(-1)).toEqual(['unsubscribe', 1])
})

test('an ordered event waits for its end, and carries what was made of it', async () => {
  const { kits, manager } = recording()
  const subscriber = manager['createSubscriberSync']?.({ events: ['x'] }) as Namespace
  let ended = false
  manager['subscribe']?.(subscriber, () => {
    expect(subscriber['isOrderedCommonEventSync']?.()).toBe(true)
    expect(subscriber['getCodeSync']?.()).toBe(7)
  })
  const result = kits.deliverEvent(delivery({ ordered: true, code: 7, data: 'd' }))
  void result.then(() => {
    ended = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  expect(ended).toBe(false)
  await subscriber['setCodeAndData']?.(8, 'e')
  await subscriber['abortCommonEvent']?.()
  expect(await subscriber['getAbortCommonEvent']?.()).toBe(true)
  await subscriber['clearAbortCommonEvent']?.()
  subscriber['abortCommonEventSync']?.()
  await subscriber['finishCommonEvent']?.()
  expect(await result).toEqual({ code: 8, data: 'e', aborted: true })
  // Nothing is held now, so nothing changes.
  subscriber['setCodeSync']?.(9)
  expect(subscriber['isOrderedCommonEventSync']?.()).toBe(false)
})

test('a refused subscription is told to the callback, and a refused publication too', async () => {
  const refusal = new BusinessError(1500004, 'A third-party application cannot send system common events.')
  const { kits } = testKits({
    subscribeEvents: () => Promise.reject(refusal),
    publishEvent: () => Promise.reject(refusal),
  })
  const manager = managerOf(kits)
  const subscriber = manager['createSubscriberSync']?.({ events: ['x'] })
  expect(await new Promise((resolve) => manager['subscribe']?.(subscriber, resolve))).toBe(refusal)
  expect(await new Promise((resolve) => manager['publish']?.('usual.event.SCREEN_ON', resolve))).toBe(refusal)
  expect(() => manager['subscribe']?.({}, () => undefined)).toThrow(code(401))
  expect(() => manager['createSubscriberSync']?.({ events: 'x' })).toThrow(code(401))
})

test('the newer way to subscribe hears data alone, and rejects', async () => {
  const { kits, manager } = recording()
  const subscriber = manager['createSubscriberSync']?.({ events: ['x'] })
  const heard: unknown[] = []
  await manager['subscribeToEvent']?.(subscriber, (...args: unknown[]) => heard.push(args))
  await kits.deliverEvent(delivery({ data: 'd' }))
  expect(heard).toEqual([[expect.objectContaining({ event: 'x', data: 'd' })]])
  const { kits: deaf } = testKits()
  const other = managerOf(deaf)['createSubscriberSync']?.({ events: ['x'] })
  await expect(managerOf(deaf)['subscribeToEvent']?.(other, () => undefined)).rejects.toThrow(code(2200003))
})
