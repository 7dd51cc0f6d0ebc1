import { existsSync, readdirSync, readFileSync } from 'node:fs'

import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'

import { expectNoOpenFds } from '../../test/open-fds.ts'
import { relay, sealing, transformModule } from '../../test/transform-module.ts'
import { TunnelPair } from '../../test/tunnel-pair.ts'
import { bundleWorker } from '../../test/bundle-worker.ts'
import { type PumpOptions, startPump } from './start-pump.ts'

afterEach(expectNoOpenFds)

const worker = bundleWorker()
afterAll(() => worker[Symbol.dispose]())

const plainPair = (): TunnelPair => new TunnelPair({ vnetHeader: false, mtu: 1420 })

/** What a pump of the pair's host is started with. */
function sideOf(pair: TunnelPair, side: 0 | 1, transform: URL): PumpOptions {
  return { tunFd: pair.tuns[side], udpFd: pair.sockets[side], transform, data: side + 1, worker: worker.url }
}

const udpModes = [
  { segmentation: true, receiveOffload: true },
  { segmentation: false, receiveOffload: true },
  { segmentation: true, receiveOffload: false },
  { segmentation: false, receiveOffload: false },
] as const

describe.each([
  ['a plain device', { vnetHeader: false, mtu: 1420 }, 'best'],
  ['virtio headers only', { vnetHeader: true, mtu: 1420 }, 'none'],
  ['TCP offload', { vnetHeader: true, mtu: 1280 }, 'tcp'],
  ['all offloads', { vnetHeader: true, mtu: 1500 }, 'best'],
] as const)('with %s', (_name, device, tunOffload) => {
  test.each(udpModes)('TCP passes unchanged: %o', async (udpOffload) => {
    using pair = new TunnelPair(device)
    await using first = await startPump({ ...sideOf(pair, 0, sealing), tunOffload, udpOffload })
    await using second = await startPump({ ...sideOf(pair, 1, sealing), tunOffload, udpOffload })
    expect(await pair.echoes(4, 2_000_003)).toBe(true)
    expect(await pair.echoes(6, 2_000_003)).toBe(true)
    expect(first.udpAbilities).toMatchObject(udpOffload)
    for (const pump of [first, second]) {
      await pump.stop() // counters of a running pump are those of an unfinished round
      const { tun, udp } = pump.counters()
      expect(udp.sent.packets).toBe(tun.received.packets)
      expect(tun.sent.packets).toBe(udp.received.packets)
      expect(tun.sent.bytes).toBeGreaterThan(2 * 2_000_003)
      expect(tun.received.histogram.reduce((sum, count) => sum + count)).toBe(tun.received.batches)
    }
  })
})

test('stopping frees the thread and all descriptors, and may be repeated', async () => {
  using pair = plainPair()
  const before = readdirSync('/proc/self/fd').length
  const pump = await startPump(sideOf(pair, 0, relay))
  await pump.stop()
  await pump.stop()
  pump.post('nobody listens')
  await pump.finished
  expect(readdirSync('/proc/self/fd').length).toBe(before)
})

test('messages go both ways, and wake a sleeping pump', async () => {
  using pair = plainPair()
  const messages: unknown[] = []
  let arrived = (): void => {}
  await using pump = await startPump({
    ...sideOf(
      pair,
      0,
      transformModule(`
      export default ({ data, post }) => ({
        fromTun(batch) { while (batch.next()); },
        fromUdp(batch) { while (batch.next()); },
        onMessage: (message) => post([data, message]),
      })`),
    ),
    onMessage: (message) => {
      messages.push(message)
      arrived()
    },
  })
  for (const message of ['one', { two: 2n }]) {
    const answer = new Promise<void>((done) => (arrived = done))
    pump.post(message)
    await answer
  }
  expect(messages).toEqual([
    [1, 'one'],
    [1, { two: 2n }],
  ])
})

test('a timer is called when its time has come, not before, by the clock that counts since the machine started', async () => {
  using pair = plainPair()
  const sinceBoot = (): number => Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1000
  const before = sinceBoot()
  let called = (_message: unknown): void => {}
  const message = new Promise<unknown>((done) => (called = done))
  await using _pump = await startPump({
    ...sideOf(
      pair,
      0,
      transformModule(`
      export default (context) => {
        const due = context.now + 30
        context.wakeAt(due)
        return {
          fromTun(batch) { while (batch.next()); },
          fromUdp(batch) { while (batch.next()); },
          onTimer: () => context.post({ late: context.now - due, now: context.now }),
        }
      }`),
    ),
    onMessage: called,
  })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- posted above
  const { late, now } = (await message) as { late: number; now: number }
  expect(late).toBeGreaterThanOrEqual(0)
  expect(now).toBeGreaterThanOrEqual(before)
  // The file tells hundredths of a second.
  expect(now).toBeLessThanOrEqual(sinceBoot() + 10)
})

/** The timers on CLOCK_BOOTTIME that this process has set, and after what time each goes off, seconds. */
function bootTimers(): number[] {
  return readdirSync('/proc/self/fdinfo').flatMap((fd) => {
    const path = `/proc/self/fdinfo/${fd}`
    const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
    const [, seconds] = /^clockid: 7\n[^]*^it_value: \((\d+), /m.exec(text) ?? []
    return seconds === undefined ? [] : [Number(seconds)]
  })
}

test('what a pump sleeps for comes nearer while the machine sleeps', async () => {
  using pair = plainPair()
  const before = bootTimers()
  await using _pump = await startPump(
    sideOf(
      pair,
      0,
      transformModule(`
      export default (context) => {
        context.wakeAt(context.now + 3_600_000)
        return {
          fromTun(batch) { while (batch.next()); },
          fromUdp(batch) { while (batch.next()); },
        }
      }`),
    ),
  )
  const set = (): number[] => bootTimers().filter((seconds) => seconds > 3000 && seconds <= 3600)
  expect(before).toEqual([])
  await vi.waitFor(() => expect(set()).toHaveLength(1), 10_000)
})

test('a transform that throws ends the pump with its error', async () => {
  using pair = plainPair()
  const pump = await startPump(
    sideOf(
      pair,
      0,
      transformModule(`
      export default () => ({
        fromTun(batch) { while (batch.next()); },
        fromUdp(batch) { while (batch.next()); },
        onMessage() { throw new RangeError('my fault') },
      })`),
    ),
  )
  pump.post('go')
  await expect(pump.finished).rejects.toThrow('my fault')
  await expect(pump.stop()).rejects.toThrow('my fault')
})

test('a pump whose device is deleted ends with EBADFD', async () => {
  using pair = plainPair()
  const pump = await startPump(sideOf(pair, 0, relay))
  const [host] = pair.hosts
  host.apply([{ op: 'deleteLink', index: host.linkIndex('tun0') }])
  await expect(pump.finished).rejects.toMatchObject({ code: 'EBADFD' })
})

test.each([
  ['a module that is not there', new URL('file:///no/such/module.js'), 'no/such/module'],
  ['a module without a default export', transformModule('export const x = 1'), 'no default export'],
  [
    'a factory that throws',
    transformModule('export default () => { throw new Error("not today") }'),
    'not today',
  ],
])('%s is reported by startPump', async (_name, transform, text) => {
  using pair = plainPair()
  await expect(startPump(sideOf(pair, 0, transform))).rejects.toThrow(text)
})

test('wrong descriptors are refused before a thread is started', async () => {
  using pair = plainPair()
  const side = sideOf(pair, 0, relay)
  await expect(startPump({ ...side, tunFd: pair.sockets[0] })).rejects.toThrow('TUNGETIFF')
  await expect(startPump({ ...side, udpFd: pair.tuns[0] })).rejects.toThrow('no UDP socket')
  await expect(startPump({ ...side, tunFd: 999_999 })).rejects.toThrow('EBADF')
  const reason = new Error('not wanted')
  await expect(startPump({ ...side, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
})

test('who aborts while a pump starts gets none', async () => {
  using pair = plainPair()
  const controller = new AbortController()
  const reason = new Error('enough')
  const starting = startPump({ ...sideOf(pair, 0, relay), signal: controller.signal })
  controller.abort(reason)
  await expect(starting).rejects.toBe(reason)
})

test('a stop waits for the transform only as long as its signal allows', async () => {
  using pair = plainPair()
  const pump = await startPump(
    sideOf(
      pair,
      0,
      transformModule(`
      export default () => ({
        fromTun(batch) { while (batch.next()); },
        fromUdp(batch) { while (batch.next()); },
        onMessage() { const end = performance.now() + 300; while (performance.now() < end); },
      })`),
    ),
  )
  pump.post('be slow')
  const reason = new Error('too slow')
  const controller = new AbortController()
  const stopping = pump.stop({ signal: controller.signal })
  controller.abort(reason)
  await expect(stopping).rejects.toBe(reason)
  await pump.stop({ signal: new AbortController().signal })
})

test('aborting the signal stops the pump', async () => {
  using pair = plainPair()
  const controller = new AbortController()
  const pump = await startPump({ ...sideOf(pair, 0, relay), signal: controller.signal })
  controller.abort()
  await pump.finished
})

test('while the socket is full the TUN device is not read, and nothing is lost', async () => {
  using pair = new TunnelPair({ vnetHeader: true, mtu: 1420, slowUplink: true })
  await using first = await startPump(sideOf(pair, 0, sealing))
  await using second = await startPump(sideOf(pair, 1, sealing))
  // One connection alone may notice the slow link before the socket is full. Together their first windows fill it.
  const echoes = Array.from({ length: 12 }, () => pair.echoes(4, 300_003))
  expect(await Promise.all(echoes)).not.toContain(false)
  const sent = [first, second].map((pump) => pump.counters().udp.sent)
  expect(sent.map(({ drops }) => drops)).toEqual(sent.map(({ drops }) => ({ ...drops, full: 0, refused: 0 })))
  expect(sent.reduce((sum, { waits }) => sum + waits, 0)).toBeGreaterThan(0)
})
