import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { release, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'

import { deviceInfoNamespace } from './device-info.ts'
import { Owned } from '../owned.ts'
import { emitterNamespace } from './emitter.ts'
import { systemDateTimeNamespace } from './system-date-time.ts'

type Namespace = Record<string, (...args: unknown[]) => unknown>
const code = (number: number): unknown => expect.objectContaining({ code: number })

test('events go to all listeners, afterwards, the urgent ones first', async () => {
  using owned = new Owned()
  const emitter = emitterNamespace(owned) as Namespace
  const heard: unknown[] = []
  emitter['on']?.({ eventId: 1 }, (event: { data: unknown }) => heard.push(['on', event.data]))
  emitter['once']?.('name', (event: unknown) => heard.push(['once', event]))
  emitter['emit']?.({ eventId: 1, priority: 3 }, { data: { late: true } })
  emitter['emit']?.('name', { priority: 0 }, { data: { first: true } })
  emitter['emit']?.('name')
  expect(heard).toEqual([])
  for (let turns = 0; turns < 5; turns++) await turn()
  expect(heard).toEqual([
    ['once', { data: { first: true } }],
    ['on', { late: true }],
  ])
  expect([emitter['getListenerCount']?.(1), emitter['getListenerCount']?.('name')]).toEqual([1, 0])
  emitter['off']?.(1)
  emitter['emit']?.({ eventId: 1 })
  await turn()
  await turn()
  expect(heard).toHaveLength(2)
  expect(() => emitter['emit']?.('')).toThrow(code(401))
  expect(() => emitter['on']?.({ eventId: 1 }, 'no function')).toThrow(code(401))
})

test('what a listener throws does not keep the next event', async () => {
  using owned = new Owned()
  const emitter = emitterNamespace(owned) as Namespace
  const thrown = vi.fn()
  process.once('uncaughtException', thrown)
  const listeners = process.listeners('uncaughtException').filter((listener) => listener !== thrown)
  for (const listener of listeners) process.off('uncaughtException', listener)
  const heard: unknown[] = []
  emitter['on']?.('x', () => {
    throw new Error('mine')
  })
  emitter['on']?.('y', () => heard.push('y'))
  emitter['emit']?.('x')
  emitter['emit']?.('y')
  await vi.waitFor(() => expect(heard).toEqual(['y']))
  for (const listener of listeners) process.on('uncaughtException', listener)
  expect(thrown).toHaveBeenCalledTimes(1)
})

test('the device is this machine, and its id stays', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vpnext-device-'))
  try {
    mkdirSync(join(folder, 'el2'))
    const one = deviceInfoNamespace(folder) as Record<string, unknown>
    expect([one['deviceType'], one['displayVersion']]).toEqual(['2in1', `Linux ${release()}`])
    expect(one['sdkApiVersion']).toBeGreaterThanOrEqual(20)
    expect(one['ODID']).toMatch(/^[0-9a-f-]{36}$/)
    expect((deviceInfoNamespace(folder) as Record<string, unknown>)['ODID']).toBe(one['ODID'])
    expect([one['udid'], one['serial']]).toEqual(['', ''])
    expect([one['bootCount'], one['chipType'], one['deviceColor']]).toEqual([-1, '', ''])
    const apiAvailable = one['apiAvailable'] as (version: unknown) => boolean
    expect([1, one['sdkApiVersion']].map(apiAvailable)).toEqual([true, true])
    expect([0, 20.5, 25, '26.0.0', '5.0.1', '20', '', undefined].map(apiAvailable)).not.toContain(true)
    expect(one['imei']).toBeUndefined()
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('clocks', async () => {
  const time = systemDateTimeNamespace() as Namespace
  const before = Date.now()
  expect(time['getTime']?.()).toBeGreaterThanOrEqual(before)
  expect(await time['getCurrentTime']?.(true)).toBeGreaterThanOrEqual(before * 1e6)
  expect(time['getUptime']?.(0)).toBeGreaterThanOrEqual((time['getUptime']?.(1) as number) - 20)
  expect(time['getUptime']?.(1, true)).toBeGreaterThan(time['getUptime']?.(1) as number)
  expect(time['getTimezoneSync']?.()).toBe(new Intl.DateTimeFormat().resolvedOptions().timeZone)
  expect(() => time['getUptime']?.(2)).toThrow(code(401))
  expect(time['setTime']).toBeUndefined()
})

test('a host asks no time server', async () => {
  const time = systemDateTimeNamespace() as Namespace
  await expect(time['updateNtpTime']?.()).rejects.toEqual(code(13000001))
  expect(() => time['getNtpTime']?.()).toThrow(code(13000002))
  expect(time['getAutoTimeStatus']?.()).toBe(true)
})
