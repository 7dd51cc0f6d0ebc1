import { expect, test } from 'vitest'
import { PeerTimers, Timer } from './peer-timers.ts'
import { TimerQueue } from './timer-queue.ts'
import { defaultTimings } from './timings.ts'

function make(jitter = 0): { queue: TimerQueue<PeerTimers<string>>; timers: PeerTimers<string> } {
  const queue = new TimerQueue<PeerTimers<string>>()
  return { queue, timers: new PeerTimers('peer', queue, defaultTimings, () => jitter) }
}

/** When the queue wakes the peer for something, up to `end`, and for what. */
function run({ queue, timers }: ReturnType<typeof make>, end: number): [number, Timer[]][] {
  const log: [number, Timer[]][] = []
  while (queue.nextAt <= end) {
    const at = queue.nextAt
    queue.take(at)
    const due = timers.takeDue(at)
    if (due.length > 0) log.push([at, due])
    timers.reschedule()
  }
  return log
}

test('data that came in is acknowledged 10 s later, counted from the first', () => {
  const made = make()
  made.timers.dataReceived(1000)
  made.timers.dataReceived(9000)
  expect(run(made, 60_000)).toEqual([[11_000, [Timer.sendKeepalive]]])
})

test('whatever goes out is acknowledgement enough', () => {
  const made = make()
  made.timers.dataReceived(1000)
  made.timers.authenticatedSent(2000)
  expect(run(made, 60_000)).toEqual([])
})

test('data that is not answered within 15 s and jitter asks for a handshake, counted from the first', () => {
  const made = make(200)
  made.timers.dataSent(1000)
  made.timers.dataSent(5000)
  expect(run(made, 60_000)).toEqual([[16_200, [Timer.newHandshake]]])
  made.timers.dataSent(70_000)
  made.timers.authenticatedReceived(70_001)
  expect(run(made, 99_000)).toEqual([])
})

test('the persistent keepalive counts from the last message in either direction', () => {
  const made = make()
  made.timers.persistentInterval = 25_000
  made.timers.authenticatedSent(0)
  made.timers.authenticatedReceived(20_000)
  expect(run(made, 100_000)).toEqual([[45_000, [Timer.persistentKeepalive]]])
})

test('a deadline that moves to later wakes nobody before it', () => {
  const made = make()
  made.timers.sessionDerived(0)
  made.timers.sessionDerived(100_000)
  expect(run(made, 700_000)).toEqual([[640_000, [Timer.zeroKeys]]])
})

test('timers of the same moment go off in their order, and none after all were cancelled', () => {
  const made = make()
  made.timers.arm(Timer.sendKeepalive, 5)
  made.timers.arm(Timer.zeroKeys, 5)
  expect(run(made, 10)).toEqual([[5, [Timer.zeroKeys, Timer.sendKeepalive]]])
  made.timers.arm(Timer.newHandshake, 20)
  made.timers.cancelAll()
  expect([run(made, 100), made.queue.size]).toEqual([[], 0])
})

test('a wanted handshake does not postpone one that is being tried', () => {
  const made = make()
  made.timers.handshakeInitiated(0)
  made.timers.handshakeWanted(3000)
  expect(run(made, 100_000)).toEqual([[5000, [Timer.retransmitHandshake]]])
})
