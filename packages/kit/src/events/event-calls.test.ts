import { expect, test, vi } from 'vitest'

import type { Peer } from '@vpnext/varlink'
import { type EventPublication, eventCalls } from './event-calls.ts'

const publication = (event: string, more: Partial<EventPublication> = {}): EventPublication => ({
  event,
  subscriberPermissions: [],
  ordered: false,
  sticky: false,
  ...more,
})

test('the service is asked about an event only where it may say no', async () => {
  const call = vi.fn(() => Promise.resolve({ parameters: {}, fds: [] }))
  const oneway = vi.fn()
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the two members that are used
  const service = eventCalls({ call, oneway } as unknown as Peer)
  let now = 1
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  for (const asked of [
    publication('x', { ordered: true }),
    publication('x', { sticky: true }),
    publication(''),
    publication('usual.event.BOOT_COMPLETED'),
    publication('x', { data: 'x'.repeat(64 * 1024) }),
  ]) {
    await service.publishEvent(asked)
    expect(call).toHaveBeenLastCalledWith(expect.anything(), 'PublishEvent', asked)
  }
  expect(oneway).not.toHaveBeenCalled()
  const told = publication('x', { data: 'd' })
  for (let count = 0; count < 15; count++) await service.publishEvent(told)
  expect(oneway).toHaveBeenCalledTimes(15)
  expect(oneway).toHaveBeenLastCalledWith(expect.anything(), 'PublishEvent', told)
  // The 21st within 5 ms.
  await service.publishEvent(told)
  expect(call).toHaveBeenCalledTimes(6)
  now += 5
  await service.publishEvent(told)
  expect(oneway).toHaveBeenCalledTimes(16)
  vi.restoreAllMocks()
})
