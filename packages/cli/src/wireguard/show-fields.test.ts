import { expect, test } from 'vitest'
import { fieldLines, type ShowField, showFields } from './show-fields.ts'
import { parseReport } from './tunnel-report.ts'

const silent = 'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg='
const busy = 'TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0='
const own = 'HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw='
const traffic = { rxBytes: 1234, txBytes: 5_000_000_000 }
const report = parseReport(
  JSON.stringify({
    profile: 'wg0',
    run: '',
    state: 'up',
    publicKey: own,
    listenPort: 51_820,
    peers: [
      { publicKey: silent, presharedKey: false, allowedIps: [], rxBytes: 0, txBytes: 0, silent: false },
      {
        publicKey: busy,
        presharedKey: true,
        endpoint: '[2001:db8::1]:51820',
        allowedIps: ['10.0.0.0/8', 'fd00::/8'],
        latestHandshake: 1_700_000_000_999,
        persistentKeepalive: 25,
        silent: false,
        ...traffic,
      },
    ],
  }),
)
const linesOf = (field: ShowField, name?: string): string[] =>
  fieldLines({ report, tunnel: undefined }, field, name)

// As `wg show wg0 <field>` prints the same interface, but for the secret keys.
test.each([
  ['public-key', [own]],
  ['private-key', ['(hidden)']],
  ['listen-port', ['51820']],
  ['fwmark', ['off']],
  ['peers', [silent, busy]],
  ['preshared-keys', [`${silent}\t(none)`, `${busy}\t(hidden)`]],
  ['endpoints', [`${silent}\t(none)`, `${busy}\t[2001:db8::1]:51820`]],
  ['allowed-ips', [`${silent}\t(none)`, `${busy}\t10.0.0.0/8 fd00::/8`]],
  ['latest-handshakes', [`${silent}\t0`, `${busy}\t1700000000`]],
  ['persistent-keepalive', [`${silent}\toff`, `${busy}\t25`]],
  ['transfer', [`${silent}\t0\t0`, `${busy}\t1234\t5000000000`]],
  [
    'dump',
    [
      `(hidden)\t${own}\t51820\toff`,
      `${silent}\t(none)\t(none)\t(none)\t0\t0\t0\toff`,
      `${busy}\t(hidden)\t[2001:db8::1]:51820\t10.0.0.0/8,fd00::/8\t1700000000\t1234\t5000000000\t25`,
    ],
  ],
] as const)('%s', (field, lines) => {
  expect(linesOf(field)).toEqual(lines)
  expect(linesOf(field, 'vpn-tun')).toEqual(lines.map((line) => `vpn-tun\t${line}`))
})

test('these are all fields', () => {
  for (const field of showFields) expect(linesOf(field).length).toBeGreaterThan(0)
  expect(new Set(showFields).size).toBe(12)
})

test('what the extension says steers no terminal', () => {
  const odd = { ...report, publicKey: '\u001b[2J\nx' }
  expect(fieldLines({ report: odd, tunnel: undefined }, 'public-key')).toEqual(['\\x1b[2J\\x0ax'])
})
