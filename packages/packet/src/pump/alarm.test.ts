import { bootTimerFd, pollAt } from '@vpnext/native'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

import { Arena } from '../arena/arena.ts'
import { BootClock } from '../boot-clock.ts'
import { Alarm } from './alarm.ts'

test('the alarm is set anew for what is earlier, and for what is later once it has gone off', () => {
  using timer = bootTimerFd()
  const arena = Arena.create()
  const alarm = new Alarm(arena, timer.number)
  const { now } = new BootClock(arena)
  /** In how many seconds it goes off, rounded; 0 for never and for at once. */
  const left = (): number => {
    const text = readFileSync(`/proc/self/fdinfo/${timer.number}`, 'utf8')
    const [, seconds, nanoseconds] = /^it_value: \((\d+), (\d+)\)$/m.exec(text) ?? []
    return Math.round((Number(seconds) + Number(nanoseconds) / 1e9) / 100) * 100
  }
  const entry = arena.allocate(8)
  const goesOff = (): boolean => {
    arena.view.setInt32(entry, timer.number, true)
    arena.view.setInt16(entry + 4, 1, true) // POLLIN
    return pollAt(arena.address + entry, 1, 10_000) === 1
  }
  const after = (time: number, at = now): number => {
    alarm.set(time, at)
    return left()
  }
  expect(after(Infinity)).toBe(0)
  expect(after(now + 1_000_000)).toBe(1000)
  expect(after(now + 2_000_000)).toBe(1000)
  expect(after(Infinity)).toBe(1000)
  expect(after(now + 500_000)).toBe(500)
  expect(after(now + 3_000_000, now + 500_000)).toBe(3000)
  expect(after(-5)).toBe(0)
  expect(goesOff()).toBe(true)
  expect(after(Infinity)).toBe(0)
  expect(after(1e300)).toBeGreaterThan(2e9)
})
