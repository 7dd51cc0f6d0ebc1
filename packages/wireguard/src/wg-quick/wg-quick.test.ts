import { formatAddress, formatPrefix } from '@vpnext/ip'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { generatePrivateKey, publicKeyOf } from '../keys/key-tools.ts'
import { SecretKey } from '../keys/secret-key.ts'
import { formatWgQuick } from './format-wg-quick.ts'
import { parseWgQuick } from './parse-wg-quick.ts'
import { toPeerOptions, type WgQuickFile } from './tunnel-settings.ts'
import { WgQuickError } from './wg-quick-error.ts'

const privateKey = 'yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk='
const presharedKey = 'FpCyhws9cxwWoV4xELtfJvjJN+zQVRPISllRWgeopVE='
const publicKey = 'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg='
const otherKey = 'TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0='

/** A parsed file as plain texts. */
function plain(file: WgQuickFile): unknown {
  const { addresses, dnsServers, privateKey: secret, ...rest } = file.interface
  return {
    interface: {
      ...rest,
      privateKey: secret.reveal(),
      addresses: addresses.map(({ address, length }) => `${formatAddress(address)}/${length}`),
      dnsServers: dnsServers.map(formatAddress),
    },
    peers: file.peers.map(({ allowedIps, presharedKey: psk, ...peer }) => ({
      ...peer,
      allowedIps: allowedIps.map(formatPrefix),
      ...(psk !== undefined && { presharedKey: psk.reveal() }),
    })),
    hooks: file.hooks.map(({ name, command }) => ({ name, command })),
  }
}

test('every key is understood, in any case, with comments and several values', () => {
  const text = `\uFEFF# A file as providers give it out
[Interface] # that is us
privatekey=${privateKey}
Address = 10.2.0.2/24, fd00::2/64   # two
Address = 10.3.0.2
ListenPort = 51820
FwMark = 0xca6c
DNS = 10.2.0.1, fd00::1 corp.example
DNS = example.org
MTU = 1408
Table = auto
SaveConfig = false
PreUp = echo a, b = c
PostUp = iptables -A FORWARD -i %i -j ACCEPT; ip rule add from 10.2.0.2 # not part of it
PostUp = second
PreDown = third
PostDown = fourth

[Peer]\r
PublicKey = ${publicKey}\r
PresharedKey = ${presharedKey}
AllowedIPs = 10.0.0.77/8, ::/0
AllowedIPs = 192.0.2.1
Endpoint = [2001:db8::1]:51820
PersistentKeepalive = 25
[PEER]
PublicKey = ${otherKey}
AllowedIPs =
Endpoint = vpn.example.org:443
PersistentKeepalive = off
`
  const file = parseWgQuick(text, 'wg0.conf')
  expect(plain(file)).toEqual({
    interface: {
      privateKey,
      listenPort: 51_820,
      fwMark: 0xca6c,
      addresses: ['10.2.0.2/24', 'fd00::2/64', '10.3.0.2/32'],
      dnsServers: ['10.2.0.1', 'fd00::1'],
      searchDomains: ['corp.example', 'example.org'],
      mtu: 1408,
      table: 'auto',
      saveConfig: false,
    },
    peers: [
      {
        publicKey,
        presharedKey,
        allowedIps: ['10.0.0.0/8', '::/0', '192.0.2.1/32'],
        endpoint: { host: '2001:db8::1', port: 51_820 },
        persistentKeepalive: 25,
      },
      {
        publicKey: otherKey,
        allowedIps: [],
        endpoint: { host: 'vpn.example.org', port: 443 },
        persistentKeepalive: 0,
      },
    ],
    hooks: [
      { name: 'PreUp', command: 'echo a, b = c' },
      {
        name: 'PostUp',
        command: 'iptables -A FORWARD -i %i -j ACCEPT; ip rule add from 10.2.0.2 # not part of it',
      },
      { name: 'PostUp', command: 'second' },
      { name: 'PreDown', command: 'third' },
      { name: 'PostDown', command: 'fourth' },
    ],
  })
  expect(file.hooks.map(({ line }) => line)).toEqual([13, 14, 15, 16, 17])
  expect(file.warnings).toEqual([])
})

test.each<[string, number, string | undefined, string]>([
  ['', 1, undefined, 'no [Interface]'],
  [`[Peer]\nPublicKey = ${publicKey}`, 1, undefined, 'no [Interface]'],
  ['\n[Interface]\nMTU = 1400', 2, 'PrivateKey', 'missing'],
  [`PrivateKey = ${privateKey}`, 1, 'PrivateKey', 'before the first section'],
  ['[Interface]\n[Pear]', 2, undefined, '[Pear]'],
  ['[Interface]\nPrivateKey', 2, undefined, 'neither'],
  ['[Interface]\n= 3', 2, undefined, 'no key'],
  ['[Interface]\nPrivateKey = abc', 2, 'PrivateKey', 'base64'],
  [`[Interface]\nPublicKey = ${publicKey}`, 2, 'PublicKey', 'no key of [Interface]'],
  ['[Interface]\nListenPort = 65536', 2, 'ListenPort', '65535'],
  ['[Interface]\nListenPort = 1e3', 2, 'ListenPort', '"1e3"'],
  ['[Interface]\nFwMark = 0x1ffffffff', 2, 'FwMark', 'number'],
  ['[Interface]\nAddress = 10.0.0.1/33', 2, 'Address', '"10.0.0.1/33"'],
  ['[Interface]\nAddress = 10.0.0.1/255.0.255.0', 2, 'Address', '"10.0.0.1/255.0.255.0"'],
  ['[Interface]\nAddress = fd00::1/255.255.0.0', 2, 'Address', '"fd00::1/255.255.0.0"'],
  ['[Interface]\n[Peer]\nAllowedIPs = 10.0.0.0/255.0.0.0', 3, 'AllowedIPs', '"10.0.0.0/255.0.0.0"'],
  ['[Interface]\nAddress = 10.0.0.256', 2, 'Address', '"10.0.0.256"'],
  ['[Interface]\nAddress = 10.0.0.1/', 2, 'Address', '"10.0.0.1/"'],
  ['[Interface]\nDNS = 8.8.8', 2, 'DNS', '"8.8.8"'],
  ['[Interface]\nDNS = -bad-.example', 2, 'DNS', 'domain'],
  ['[Interface]\nMTU = 67', 2, 'MTU', '68'],
  ['[Interface]\nTable = a b', 2, 'Table', '"a b"'],
  ['[Interface]\nSaveConfig = yes', 2, 'SaveConfig', 'true'],
  ['[Interface]\nDnsServer = 1.1.1.1', 2, 'DnsServer', 'no key of'],
  ['[Interface]\n[Peer]\n\nAllowedIPs = 10.0.0.0/8', 2, 'PublicKey', 'missing'],
  ['[Interface]\n[Peer]\nAllowedIPs = +-10.0.0.0/8', 3, 'AllowedIPs', '"-10.0.0.0/8"'],
  ['[Interface]\n[Peer]\nAllowedIPs = 10.0.0.0/8, x', 3, 'AllowedIPs', '"x"'],
  ['[Interface]\n[Peer]\nPublicKey = (none)', 3, 'PublicKey', 'base64'],
  ['[Interface]\n[Peer]\nPresharedKey = 123', 3, 'PresharedKey', 'base64'],
  ['[Interface]\n[Peer]\nEndpoint = 2001:db8::1', 3, 'Endpoint', 'is a port missing?'],
  ['[Interface]\n[Peer]\nEndpoint = [2001:db8::1', 3, 'Endpoint', 'host:port'],
  ['[Interface]\n[Peer]\nEndpoint = 192.0.2.1:0', 3, 'Endpoint', '65535'],
  ['[Interface]\n[Peer]\nEndpoint = 192.0.2.300:1', 3, 'Endpoint', 'name'],
  ['[Interface]\n[Peer]\nEndpoint = [192.0.2.300]:1', 3, 'Endpoint', 'name'],
  ['[Interface]\nDNS = ~-corp.example', 2, 'DNS', 'domain'],
  ['[Interface]\nDNS = ~8.8', 2, 'DNS', '"~8.8"'],
  ['[Interface]\n[Peer]\nPersistentKeepalive = 65536', 3, 'PersistentKeepalive', '65535'],
  ['[Interface]\n[Peer]\nMTU = 1400', 3, 'MTU', 'no key of [Peer]'],
])('%j is refused at line %i', (text, line, key, reason) => {
  const attempt = (): unknown => parseWgQuick(text, 'wg0.conf')
  expect(attempt).toThrow(WgQuickError)
  try {
    attempt()
  } catch (error) {
    expect(error).toMatchObject({ file: 'wg0.conf', line, key })
    expect(String(error)).toContain(`wg0.conf:${line}: ${key === undefined ? '' : `${key}: `}`)
    expect(String(error)).toContain(reason)
  }
})

test.each([
  `[Interface]\nPrivateKey = ${privateKey}x`,
  `[Interface]\nPrivateKey ${privateKey}`,
  `[Interface]\n${privateKey}`,
  `[Interface]\nPrivate Key = ${privateKey}`,
  `[Interface]\n${privateKey} = PrivateKey`,
  `[Interface]\nPrivateKeys = ${privateKey}`,
  `[Interface]\n[Peer]\nPresharedKey = ${privateKey.slice(1)}`,
])('no error shows a key: %j', (text) => {
  expect(() => parseWgQuick(text, 'f')).toThrow(WgQuickError)
  try {
    parseWgQuick(text, 'f')
  } catch (error) {
    expect(JSON.stringify(error) + String(error)).not.toContain(privateKey.slice(4, 20))
  }
})

test('of a hundred thousand allowed IPs as many are taken away', () => {
  const all = Array.from(
    { length: 100_000 },
    (_, index) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
  )
  const lines = (sign: string): string[] => all.map((address) => `AllowedIPs = ${sign}${address}`)
  const peer = [
    '[Peer]',
    `PublicKey = ${publicKey}`,
    'AllowedIPs = 192.0.2.0/24',
    ...lines('+'),
    ...lines('-'),
  ]
  const { peers } = parseWgQuick(
    ['[Interface]', `PrivateKey = ${privateKey}`, ...peer].join('\n'),
    'wg0.conf',
  )
  expect(peers[0]?.allowedIps.map(formatPrefix)).toEqual(['192.0.2.0/24'])
})

test('what wg and wg-quick take in an unusual form is taken', () => {
  const spaced = (key: string): string => `${key.slice(0, 11)} ${key.slice(11, 30)}\t${key.slice(30)}`
  const text = [
    `[Interface]\r\nPrivateKey\t=\t${spaced(privateKey)}\r\nSaveConfig = True`,
    `[Peer]\r\nPublicKey=${spaced(publicKey)}\r\nPresharedKey = ${spaced(presharedKey)}`,
    'Endpoint = vpn.example.org : 51820\r\n',
  ].join('\r\n')
  expect(plain(parseWgQuick(text, 'f'))).toMatchObject({
    interface: { privateKey, saveConfig: true },
    peers: [{ publicKey, presharedKey, endpoint: { host: 'vpn.example.org', port: 51_820 } }],
  })
})

test.each([
  ['2001:db8::1:51820', '2001:db8::1'],
  ['fe80::1%eth0:51820', 'fe80::1%eth0'],
  ['[192.0.2.1]:51820', '192.0.2.1'],
  ['[vpn.example.org]:51820', 'vpn.example.org'],
])('the endpoint %s is %s, as for wg', (text, host) => {
  const file = parseWgQuick(
    `[Interface]\nPrivateKey=${privateKey}\n[Peer]\nPublicKey=${publicKey}\nEndpoint=${text}`,
    'f',
  )
  expect(file.peers[0]?.endpoint).toEqual({ host, port: 51_820 })
})

test('an address with a mask is taken, as ip does it for wg-quick', () => {
  const addresses = '10.0.0.2/255.255.255.0, 10.1.0.2/255.255.255.255 10.2.0.2/128.0.0.0'
  expect(
    plain(parseWgQuick(`[Interface]\nPrivateKey=${privateKey}\nAddress=${addresses}`, 'f')),
  ).toMatchObject({
    interface: { addresses: ['10.0.0.2/24', '10.1.0.2/32', '10.2.0.2/1'] },
  })
})

test('allowed IPs with a sign, values that are left empty, and the domain of all names', () => {
  const text = `[Interface]
PrivateKey = ${privateKey}
MTU = 1300
MTU =
Table =
DNS = 10.0.0.1, ~., corp.example
[Peer]
PublicKey = ${publicKey}
AllowedIPs = 10.0.0.0/8, +fd00::/8, 192.0.2.0/24
AllowedIPs = -10.1.2.3/8, -198.51.100.0/24
`
  const { interface: own, peers } = plain(parseWgQuick(text, 'f')) as {
    interface: object
    peers: { allowedIps: string[] }[]
  }
  expect(own).not.toHaveProperty('mtu')
  expect(own).not.toHaveProperty('table')
  expect(own).toMatchObject({ dnsServers: ['10.0.0.1'], searchDomains: ['corp.example'] })
  expect(peers[0]?.allowedIps).toEqual(['fd00::/8', '192.0.2.0/24'])
})

test('of a value given twice the last one counts, with a warning', () => {
  const file = parseWgQuick(`[Interface]\nPrivateKey=${privateKey}\nMTU=1400\nmtu=1408`, 'f')
  expect(file.interface.mtu).toBe(1408)
  expect(file.warnings).toMatchObject([{ line: 4, key: 'MTU' }])
})

test('what Android exports is taken, and said to be without effect', () => {
  const file = parseWgQuick(
    `[Interface]\nPrivateKey = ${privateKey}\nExcludedApplications = com.a, com.b\nIncludedApplications = com.c`,
    'f',
  )
  expect(file.warnings).toMatchObject([
    { line: 3, key: 'ExcludedApplications', reason: expect.stringContaining('these, too') },
    { line: 4, key: 'IncludedApplications', reason: expect.stringContaining('not only these') },
  ])
})

test('one peer in two sections has what the later one says, and its allowed IPs alone; of our own there is none', () => {
  const text = `[Interface]
PrivateKey = ${privateKey}
[Peer]
PublicKey = ${publicKey}
Endpoint = 192.0.2.1:1
PersistentKeepalive = 5
AllowedIPs = 10.0.0.0/8, 10.1.0.0/16
[Peer]
PublicKey = ${otherKey}
[Peer]
PublicKey = ${publicKeyOf(SecretKey.parse(privateKey) ?? generatePrivateKey())}
AllowedIPs = 10.0.0.0/24
[Peer]
PublicKey = ${publicKey}
PersistentKeepalive = 7
AllowedIPs = 10.2.0.0/16
`
  const file = parseWgQuick(text, 'f')
  expect((plain(file) as { peers: object[] }).peers).toEqual([
    {
      publicKey,
      endpoint: { host: '192.0.2.1', port: 1 },
      persistentKeepalive: 7,
      allowedIps: ['10.2.0.0/16'],
    },
    { publicKey: otherKey, allowedIps: [] },
  ])
  expect(file.warnings).toMatchObject([
    { line: 10, key: 'PublicKey', reason: expect.stringContaining('own key') },
    { line: 13, key: 'PublicKey', reason: expect.stringContaining('line 3') },
  ])
})

test('of networks that two peers have it is told which one gets them', () => {
  const section = (key: string, networks: string): string =>
    `[Peer]\nPublicKey=${key}\nAllowedIPs=${networks}\n`
  const text =
    `[Interface]\nPrivateKey=${privateKey}\n` +
    section(publicKey, '0.0.0.0/0, ::/0, 10.0.0.0/8, 0.0.0.0/0') +
    section(otherKey, '10.1.0.0/16, ::/0, 0.0.0.0/0')
  expect(parseWgQuick(text, 'f').warnings).toEqual([
    {
      line: 6,
      key: 'AllowedIPs',
      reason: "::/0 and 1 more of line 3's [Peer] too, which gets nothing of it: the last one counts",
    },
  ])
})

test('a domain of which alone the servers are to be asked is told of; Table in any case; # in commands is for the shell', () => {
  const text = `[Interface] # ours
PrivateKey = ${privateKey} # secret
Table = Off
DNS = 10.0.0.1, ~corp.example
PostUp = iptables -A FORWARD -m comment --comment "#1" -j ACCEPT # one
`
  const file = parseWgQuick(text, 'f')
  expect(plain(file)).toMatchObject({
    interface: { table: 'off', dnsServers: ['10.0.0.1'], searchDomains: [] },
    hooks: [{ command: 'iptables -A FORWARD -m comment --comment "#1" -j ACCEPT # one' }],
  })
  expect(file.warnings).toEqual([
    { line: 4, key: 'DNS', reason: 'the servers are asked for all names, not only those in corp.example' },
  ])
})

test('what is written is read as the same settings', () => {
  const number = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max })
  const maybe = (key: string, value: fc.Arbitrary<string | number | boolean>): fc.Arbitrary<string> =>
    fc.option(value).map((some) => (some === null ? '' : `${key} = ${String(some)}\n`))
  const key = fc
    .uint8Array({ minLength: 32, maxLength: 32 })
    .map((bytes) => Buffer.from(bytes).toString('base64'))
  const prefixes = fc
    .array(fc.oneof(fc.tuple(fc.ipV4(), number(32)), fc.tuple(fc.ipV6(), number(128))), { maxLength: 5 })
    .map((list) => list.map(([address, length]) => `${address}/${length}`).join(', '))
  const command = fc.stringMatching(/^[!-~]([ -~]{0,40}[!-~])?$/)
  const section = fc
    .tuple(
      maybe('ListenPort', number(65_535)),
      maybe('FwMark', number(0xffff_ffff)),
      maybe('Address', prefixes),
      maybe(
        'DNS',
        fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain())).map((list) => list.join(', ')),
      ),
      maybe('MTU', fc.integer({ min: 68, max: 65_535 })),
      maybe('Table', fc.oneof(fc.constantFrom('auto', 'off', 'main'), number(99_999))),
      maybe('SaveConfig', fc.boolean()),
      maybe('PostUp', command),
      maybe('PreDown', command),
    )
    .map((lines) => `[Interface]\nPrivateKey = ${privateKey}\n${lines.join('')}`)
  const endpoint = fc
    .tuple(
      fc.oneof(
        fc.ipV4(),
        fc.domain(),
        fc.ipV6().map((address) => `[${address}]`),
      ),
      fc.integer({ min: 1, max: 65_535 }),
    )
    .map(([host, port]) => `${host}:${port}`)
  const peer = fc
    .tuple(
      key,
      maybe('PresharedKey', key),
      maybe('AllowedIPs', prefixes),
      maybe('Endpoint', endpoint),
      maybe('PersistentKeepalive', fc.oneof(number(65_535), fc.constant('off'))),
    )
    .map(([name, ...lines]) => ({ name, text: `[Peer]\nPublicKey = ${name}\n${lines.join('')}` }))
  const peers = fc.uniqueArray(peer, { selector: ({ name }) => name, maxLength: 4 })
  fc.assert(
    fc.property(section, peers, (head, list) => {
      const text = [head, ...list.map((each) => each.text)].join('\n')
      const file = parseWgQuick(text, 'f')
      expect(file.peers).toHaveLength(list.length)
      const again = formatWgQuick(file)
      expect(plain(parseWgQuick(again, 'f'))).toEqual(plain(file))
      expect(formatWgQuick(parseWgQuick(again, 'f'))).toBe(again)
    }),
  )
})

test('no text makes the parser fail in another way', () => {
  const piece = fc.constantFrom(
    '[Interface]\n',
    '[Peer]\n',
    'PrivateKey',
    'AllowedIPs',
    'Endpoint',
    'DNS',
    '=',
    ' ',
    ',',
    '\n',
    '#',
    privateKey,
    '10.0.0.1/8',
    '::',
    '[::1]:1',
    '\0',
    '\r',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece).map((pieces) => pieces.join('')),
      ),
      (text) => {
        try {
          parseWgQuick(text, 'f')
        } catch (error) {
          expect(error).toBeInstanceOf(WgQuickError)
        }
      },
    ),
    { numRuns: 2000 },
  )
})

test('a file’s peer becomes what a core takes', () => {
  const text = `[Interface]\nPrivateKey=${privateKey}\n[Peer]\nPublicKey=${publicKey}\nPresharedKey=${presharedKey}\nAllowedIPs=::/0\nPersistentKeepalive=9`
  const [peer] = parseWgQuick(text, 'f').peers
  if (peer === undefined) throw new Error('no peer')
  expect(toPeerOptions(peer, undefined)).toEqual({
    publicKey,
    presharedKey: new Uint8Array(Buffer.from(presharedKey, 'base64')),
    allowedIps: peer.allowedIps,
    persistentKeepalive: 9,
  })
})
