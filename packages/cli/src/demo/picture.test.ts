import { expect, test } from 'vitest'
import { drawReport } from './picture.ts'
import type { DemoReport } from './report.ts'

const report: DemoReport = {
  ok: true,
  project: '/projects/MyVpn',
  bundleName: 'com.example.vpn',
  privilege: 'root',
  refused: [],
  sandbox: ['own uid', 'seccomp'],
  kernel: {
    interfaces: ['vpn-tun  tun, MTU 1400, up'],
    addresses: ['10.8.0.5/24 on vpn-tun'],
    rules: ['9000: IPv4 → table 52000'],
    routes: ['table 52000: 0.0.0.0/0 → dev vpn-tun'],
    guard: ['table inet vpnext {', '}'],
    resolvConf: ['# by vpnext', '', 'nameserver 10.8.0.1'],
  },
  checks: [{ id: 'udp-v4', claim: 'packets arrive', ok: true, seen: 'one packet' }],
  gateway: { fromClients: { v4: 7, v6: 6 }, toClients: { v4: 5, v6: 4 } },
  leftBehind: [],
}

test('everything the report holds is in the picture', () => {
  const text = drawReport(report).join('\n')
  for (const part of [
    'vpn-tun ──▶ com.example.vpn',
    'IPv4 7 out, 5 back; IPv6 6 out, 4 back',
    '10.8.0.5/24 on vpn-tun',
  ])
    expect(text).toContain(part)
  expect(text).toContain('DNS        nameserver 10.8.0.1')
  expect(text).not.toContain('# by vpnext')
  expect(text).toContain('✓ packets arrive')
  expect(text).toMatch(/all of it holds\n$/)
  expect(text).not.toContain('NOT')
  expect(text).not.toContain('✗')
})

test('what does not hold, what was refused and what is left cannot be overlooked', () => {
  const text = drawReport({
    ...report,
    ok: false,
    refused: ['own uid: there is none'],
    checks: [{ id: 'udp-v4', claim: 'packets arrive', ok: false, seen: 'none' }],
    leftBehind: ['+ rules: 9000'],
  }).join('\n')
  expect(text).toContain('✗ packets arrive\n        none')
  expect(text).toContain('– not here: own uid: there is none')
  expect(text).toContain('✗ after the stop something is left:\n        + rules: 9000')
  expect(text).toMatch(/NOT all of it holds\n$/)
})

test('a foreign project has no count at the gateway', () => {
  const { gateway: _gateway, ...foreign } = report
  expect(drawReport(foreign).join('\n')).not.toContain('counted there')
})

test('a thousand routes do not fill the screen', () => {
  const routes = Array.from({ length: 1000 }, (_, index) => `route ${index}`)
  const lines = drawReport({ ...report, kernel: { ...report.kernel, routes } })
  expect(lines.filter((line) => line.startsWith('    route '))).toHaveLength(13)
  expect(lines).toContain('    route      and 988 more')
})
