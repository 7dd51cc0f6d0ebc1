import { expect, test, vi } from 'vitest'

import type { LogLine } from '../runtime.ts'
import { hiAppEventNamespace } from './hi-app-event.ts'
import { hiTraceMeterNamespace } from './hi-trace-meter.ts'
import { hidebugNamespace } from './hidebug.ts'

type Namespace = Record<string, (...args: unknown[]) => unknown>
const code = (number: number): unknown => expect.objectContaining({ code: number })

test('an event is a line of the log, and goes to those who want it', async () => {
  const log: LogLine[] = []
  const events = hiAppEventNamespace((line) => log.push(line)) as Namespace
  const [received, triggered] = [vi.fn(), vi.fn()]
  events['addWatcher']?.({ name: 'all', onReceive: received })
  const holder = events['addWatcher']?.({
    name: 'two',
    appEventFilters: [{ domain: 'vpn', names: ['up'] }],
    triggerCondition: { row: 2 },
    onTrigger: triggered,
  }) as Namespace
  const event = { domain: 'vpn', name: 'up', eventType: 4, params: { mtu: 1400 } }
  for (const name of ['up', 'down', 'up']) await events['write']?.({ ...event, name })
  expect(log.map(({ tag, message }) => `${tag}: ${message}`)).toContain('event: vpn.down {"mtu":1400}')
  expect(received).toHaveBeenCalledTimes(3)
  expect(received).toHaveBeenCalledWith('vpn', [{ name: 'up', appEventInfos: [event] }])
  expect(triggered.mock.calls.map(([rows]) => rows as number)).toEqual([2])
  expect(holder['takeNext']?.()).toMatchObject({ row: 2, appEventInfos: [event, event] })
  expect(holder['takeNext']?.()).toBeNull()
  events['removeWatcher']?.({ name: 'all' })
  await events['write']?.(event)
  expect(received).toHaveBeenCalledTimes(3)
})

test('names of events and watchers are checked, and users remembered', async () => {
  const events = hiAppEventNamespace(() => undefined) as Namespace
  const event = { domain: 'vpn', name: 'up', eventType: 4, params: {} }
  expect(() => events['write']?.({ ...event, domain: '1' })).toThrow(code(11101001))
  expect(() => events['write']?.({ ...event, name: 'a b' })).toThrow(code(11101002))
  expect(() => events['write']?.({ ...event, eventType: 9 })).toThrow(code(401))
  expect(() => events['addWatcher']?.({ name: '' })).toThrow(code(11102001))
  events['setUserId']?.('id', '7')
  expect([events['getUserId']?.('id'), events['getUserId']?.('other')]).toEqual(['7', ''])
  expect(events['domain']).toMatchObject({ OS: 'OS' })
})

test('the process is what the kernel says it is', () => {
  const debug = hidebugNamespace() as Namespace
  const rss = BigInt(Math.floor(process.memoryUsage.rss() / 1024))
  const native = debug['getAppNativeMemInfo']?.() as { pss: bigint; rss: bigint; vss: bigint }
  expect(native.rss > rss / 2n && native.rss < rss * 2n).toBe(true)
  expect(native.pss > 0n && native.pss <= native.rss && native.vss >= native.rss).toBe(true)
  expect(debug['getPss']?.()).toBeGreaterThan(0n)
  const memory = debug['getSystemMemInfo']?.() as { totalMem: bigint; availableMem: bigint }
  expect(memory.totalMem > memory.availableMem).toBe(true)
  const threads = debug['getAppThreadCpuUsage']?.() as { threadId: number; cpuUsage: number }[]
  expect(threads.map(({ threadId }) => threadId)).toContain(process.pid)
  expect(debug['getCpuUsage']?.()).toBeGreaterThan(0)
  expect(() => debug['dumpJsHeapData']?.()).toThrow(code(801))
})

test('tracing does nothing, to arguments that are right', () => {
  const meter = hiTraceMeterNamespace() as Namespace
  expect(meter['startTrace']?.('name', 1)).toBeUndefined()
  expect(meter['isTraceEnabled']?.()).toBe(false)
  expect(() => meter['finishTrace']?.('name')).toThrow(code(401))
})
