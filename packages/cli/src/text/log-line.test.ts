import { expect, test } from 'vitest'
import { logLine } from './log-line.ts'

const entry = {
  at: Date.UTC(2026, 10, 22, 12, 51, 36, 378),
  source: 'extension',
  level: 'info',
  bundleName: 'io.vpnext.hello',
  ownerUid: 0,
  pid: 21772,
  domain: 0x1,
  tag: 'HelloVpn',
  message: 'connected',
} as const

test('an entry of an extension, as hilog prints it', () => {
  expect(logLine(entry)).toBe('2026-11-22 12:51:36.378 21772 I 00001/HelloVpn io.vpnext.hello: connected')
})

test('an entry of the service itself', () => {
  expect(logLine({ ...entry, source: 'service', level: 'error', bundleName: '', pid: 7 })).toBe(
    '2026-11-22 12:51:36.378 7 E service: connected',
  )
})

test('further lines are indented, so that an extension cannot write an entry of somebody else', () => {
  const message = 'first\n2026-11-22 12:51:36.378 1 I service: all is well\u001b[1A'
  expect(
    logLine({ ...entry, message })
      .split('\n')
      .slice(1),
  ).toEqual(['    2026-11-22 12:51:36.378 1 I service: all is well\\x1b[1A'])
})

test('a tag does not steer the terminal either', () => {
  expect(logLine({ ...entry, tag: 'a\u001bc' })).toContain('00001/a\\x1bc')
})
