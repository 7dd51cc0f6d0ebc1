import { expect, test } from 'vitest'
import { showLines } from './show-lines.ts'
import { parseReport, type TunnelReport } from './tunnel-report.ts'

const publicKey = 'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg='
const peer = { publicKey, presharedKey: false, allowedIps: [], rxBytes: 0, txBytes: 0, silent: false }
const report = (changes: object): TunnelReport =>
  parseReport(JSON.stringify({ profile: 'wg0', run: '', state: 'up', peers: [peer], ...changes }))
const now = 1_000_000_000
const linesOf = (changes: object): string[] =>
  showLines({ report: report({ peers: [{ ...peer, ...changes }] }), tunnel: undefined }, now)

test.each([
  [0, 'now'],
  [999, 'now'],
  [1000, '1 second ago'],
  [62_500, '1 minute, 2 seconds ago'],
  [3_600_000, '1 hour ago'],
  [90_061_000, '1 day, 1 hour, 1 minute, 1 second ago'],
  [-5000, 'now'],
])('a handshake of %i ms ago was %s', (age, text) => {
  expect(linesOf({ latestHandshake: now - age })).toContain(`  latest handshake: ${text}`)
})

test('a peer of which nothing is known has its key and what it may send', () => {
  expect(linesOf({}).slice(-2)).toEqual([`peer: ${publicKey}`, '  allowed ips: (none)'])
})

test('what the extension says steers no terminal', () => {
  expect(linesOf({ endpoint: '\u001b[2Jx' })).toContain('  endpoint: \\x1b[2Jx')
})

test('a tunnel that has failed says so', () => {
  const lines = showLines({ report: report({ state: 'failed', reason: 'EBADFD' }), tunnel: undefined }, now)
  expect(lines).toContain('  carries nothing: EBADFD')
})

test.each(['{}', 'null', '[]', '{"profile":"a","run":"","state":"up","peers":[{}]}'])(
  '%s is no report',
  (text) => {
    expect(() => parseReport(text)).toThrow('reports something that is not understood')
  },
)

test('what is no JSON is no report', () => {
  expect(() => parseReport('{')).toThrow('reports something that is not understood')
})
