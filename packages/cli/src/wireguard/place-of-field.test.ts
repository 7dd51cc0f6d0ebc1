import { expect, test } from 'vitest'
import { placeOfField } from './place-of-field.ts'

const path = '/etc/wireguard/wg0.conf'
const bytes = Buffer.from(`[Interface]
Address = 10.0.0.1/24, fd00::1/64 # 224.0.0.1
mtu=1200
ADDRESS = 224.0.0.1/24
DNS = 10.0.0.1
ListenPort = 1
listenport = 2
[Peer]
PublicKey = b
PublicKey = a a=
AllowedIPs = 10.0.0.0/8
AllowedIPs = 0.0.0.0/0
[peer]
PublicKey = own=
[peer]
PublicKey = b=
Endpoint = [fe80::1%a]:1
Endpoint = [fe80::1%b]:1
[Interface]
Table = auto
[Peer]
PublicKey = c=
[Peer]
PublicKey = aa=
PersistentKeepalive = 1
`)
const settings = { peers: [{ publicKey: 'aa=' }, { publicKey: 'b=' }, { publicKey: 'c=' }] }

test.each([
  ['config.mtu', 'MTU', 3],
  ['config.addresses[0].prefixLength', 'Address', 2],
  ['config.addresses[1].address.address', 'Address', 2],
  ['config.addresses[2].address.address', 'Address', 4],
  ['config.dnsAddresses[0]', 'DNS', 5],
  ['config.routes[1].destination', 'AllowedIPs', undefined],
  ['interface.listenPort', 'ListenPort', 7],
  ['peers[0].publicKey', 'PublicKey', 24],
  ['peers[1].endpoint', 'Endpoint', 18],
  ['peers[1].publicKey', 'PublicKey', 16],
  ['peers[2].publicKey', 'PublicKey', 22],
  ['peers[2].endpoint', 'Endpoint', undefined],
])('%s is %s of line %s', (field, key, line) => {
  expect(placeOfField({ bytes, path, settings }, field)).toEqual({ key, line })
})

test('what comes from no file is nowhere', () => {
  for (const field of ['config.vpnId', 'config', 'want', '']) {
    expect(placeOfField({ bytes, path, settings }, field)).toBeUndefined()
  }
})
