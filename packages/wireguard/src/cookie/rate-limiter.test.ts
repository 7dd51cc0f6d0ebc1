import { Endpoint } from '@vpnext/packet'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { LoadMonitor } from './load-monitor.ts'
import { RateLimiter } from './rate-limiter.ts'

const at = (address: string): Endpoint => Endpoint.from(address, 1000)

test('allows what a bucket computed exactly would', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 400 }), { maxLength: 200 }), (gaps) => {
      const limiter = new RateLimiter()
      // In fiftieths of a token, so that all numbers are whole: 20 tokens a second are one unit a millisecond.
      let units = 250
      let now = 0
      for (const gap of gaps) {
        now += gap
        units = Math.min(250, units + gap)
        const expected = units >= 50
        if (expected) units -= 50
        expect(limiter.allow(at('192.0.2.1'), now)).toBe(expected)
      }
    }),
  )
})

test('an IPv4 address has its own bucket, an IPv6 /64 has one together', () => {
  const limiter = new RateLimiter()
  const drain = (address: string): number => {
    let allowed = 0
    while (limiter.allow(at(address), 0)) allowed += 1
    return allowed
  }
  expect(['192.0.2.1', '192.0.2.2', '2001:db8::1', '2001:db8::ffff', '2001:db8:0:1::1'].map(drain)).toEqual([
    5, 5, 5, 0, 5,
  ])
})

test('remembers 8,192 sources at most, and forgets those that fell silent', () => {
  const limiter = new RateLimiter()
  const source = (index: number): Endpoint => at(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`)
  for (let index = 0; index < 9000; index += 1) {
    expect(limiter.allow(source(index), 0)).toBe(index < 8192)
  }
  expect(limiter.size).toBe(8192)
  expect(limiter.allow(source(1), 0), 'a known one is still served').toBe(true)
  expect(limiter.allow(source(8500), 250)).toBe(true)
  expect(limiter.size).toBe(1)
})

test('load begins with the 250th message of a second and lasts for one more second', () => {
  const monitor = new LoadMonitor()
  for (let sent = 0; sent < 249; sent += 1) monitor.count(999)
  expect(monitor.isUnderLoad(999)).toBe(false)
  monitor.count(999)
  expect([monitor.isUnderLoad(999), monitor.isUnderLoad(1998), monitor.isUnderLoad(1999)]).toEqual([
    true,
    true,
    false,
  ])
  for (let second = 2; second < 9; second += 1) {
    for (let sent = 0; sent < 200; sent += 1) monitor.count(second * 1000)
    expect(monitor.isUnderLoad(second * 1000)).toBe(false)
  }
})
