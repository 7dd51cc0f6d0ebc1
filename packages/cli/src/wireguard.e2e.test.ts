import { createPrivateKey, createPublicKey } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  capture,
  type Lab,
  labAddresses,
  labLinks,
  labPorts,
  makeWireGuardConfs,
  tcpProbe,
  udpProbe,
  type WireGuardConfs,
} from '@vpnext/lab'
import { expect, test } from 'vitest'
import { findText } from '../test/find-text.ts'
import { closeUdp, openUdp } from '../test/namespace-udp.ts'
import { waitForState, withoutService } from '../test/system-state.ts'
import type { Place, TestService } from '../test/test-service.ts'
import { type Finished, startVpnext } from '../test/vpnext-process.ts'
import { type WireGuardSite, useWireGuardSite } from '../test/wireguard-site.ts'
import { exitCodes } from './exit-codes.ts'

const { gateway: far, internet } = labAddresses
const bundle = 'io.vpnext.wireguard'

let site: WireGuardSite
let lab: Lab
let place: Place
let service: TestService
let confs: WireGuardConfs

useWireGuardSite((opened) => {
  site = opened
  ;({ lab, place, service, confs } = opened)
})

const profilePath = (name: string): string =>
  join(place.stateDir, 'data/0', bundle, 'el2/base/haps/entry/files/profiles', name)
const valueOf = (text: string, key: string): string =>
  new RegExp(`^${key} = (.*)$`, 'm').exec(text)?.[1] ?? ''
/** What a program of the client appears as at the far end. */
const appearance = (version: 'v4' | 'v6'): Promise<string> =>
  tcpProbe(lab.client, internet[version], { timeoutMs: 20_000 })

test('up brings a tunnel up that carries both families, shows it as wg does, and down leaves nothing', async () => {
  using uplink = capture(lab.router, 'r-client')
  const brought = await site.up(site.conf(confs.client))
  expect(brought).toMatchObject({ code: 0 })
  expect(brought.stdout).toMatch(
    /^wg0 is up: vpn-tun, 10\.9\.0\.5\/24, fd09::5\/64, MTU 1420\n {2}peer \S{44} at 10\.77\.2\.2:51820, answers in [\d.]+ ms\n$/,
  )
  for (const version of ['v4', 'v6'] as const) {
    expect(await appearance(version)).toBe(far[version])
    expect(await udpProbe(lab.client, internet[version], { timeoutMs: 20_000 })).toBe(far[version])
  }
  expect(uplink.count({ protocol: 'udp', destinationPort: 51_820 })).toBeGreaterThan(4)
  expect(uplink.packets.filter(({ destinationPort }) => destinationPort === 7)).toEqual([])

  const shown = await service.run(['wg', 'show'])
  expect(shown.stdout).toMatch(
    /^interface: vpn-tun\n {2}profile: wg0\n {2}public key: \S{44}\n {2}private key: \(hidden\)\n {2}listening port: \d+\n\npeer: \S{44}\n {2}preshared key: \(hidden\)\n {2}endpoint: 10\.77\.2\.2:51820\n {2}allowed ips: 0\.0\.0\.0\/0, ::\/0\n {2}latest handshake: .*\n {2}transfer: [\d.]+ \S+ received, [\d.]+ \S+ sent\n {2}latency: [\d.]+ ms\n {2}persistent keepalive: every 25 seconds\n$/,
  )
  const { tunnels } = JSON.parse((await service.run(['wg', 'show', '--json'])).stdout) as {
    tunnels: unknown[]
  }
  const key = valueOf(confs.client, 'PublicKey')
  const lines = async (...words: string[]): Promise<string> => (await service.run(['wg', ...words])).stdout
  expect(await lines()).toMatch(/^interface: vpn-tun\n/)
  expect(await lines('show', 'interfaces')).toBe('vpn-tun\n')
  expect(await lines('show', 'wg0', 'endpoints')).toBe(`${key}\t10.77.2.2:51820\n`)
  expect(await lines('show', 'all', 'allowed-ips')).toBe(`vpn-tun\t${key}\t0.0.0.0/0 ::/0\n`)
  expect(await service.run(['wg', 'show', 'wg1', 'dump'])).toMatchObject({
    code: exitCodes.notFound,
    stdout: '',
    stderr: 'vpnext: wg1 is not up\n  wg0 is\n',
  })
  const [peer] = (await site.gateway.status()).peers
  expect(tunnels).toMatchObject([
    {
      interfaceName: 'vpn-tun',
      profile: 'wg0',
      publicKey: peer?.publicKey,
      // As outside: the confinement takes no way of sealing from the extension.
      aead: { name: 'primitives', oneCall: process.arch === 'x64' },
      peers: [{ publicKey: valueOf(confs.client, 'PublicKey'), presharedKey: true, silent: false }],
    },
  ])
  expect(readFileSync(place.resolvConf, 'utf8')).toContain('nameserver 10.9.0.1')

  expect(await service.run(['down', 'wg0'])).toMatchObject({ code: 0, stdout: 'wg0 is down\n', stderr: '' })
  expect((await service.run(['wg', 'show', '--json'])).stdout).toBe('{\n  "tunnels": []\n}\n')
  expect(existsSync(profilePath('wg0'))).toBe(false)
  expect(await service.run(['down', 'wg0'])).toMatchObject({ code: exitCodes.notFound })
  expect(await appearance('v4')).toBe(labAddresses.client.v4)
})

test('a file with more networks than a VPN takes as routes comes up: those that touch are joined', async () => {
  // Three of every four addresses: none is a network by itself, and 8,192 routes are left of 12,288.
  const hosts = Array.from({ length: 16_384 }, (_, index) => `198.18.${index >> 8}.${index & 255}/32`)
  const networks = [...hosts.filter((_, index) => index % 4 !== 3), `${internet.v4}/32`]
  const path = site.conf(confs.client.replace(/^AllowedIPs = .*$/m, `AllowedIPs = ${networks.join(', ')}`))
  expect(await site.up(path)).toMatchObject({ code: 0 })
  expect(await appearance('v4')).toBe(far.v4)
  using netlink = lab.client.rtnetlink()
  const routes = netlink
    .routes()
    .filter(({ destination, type }) => type === 'unicast' && destination.startsWith('198.18.'))
  expect(routes).toHaveLength(8192)
  expect(routes.slice(0, 2)).toMatchObject([
    { destination: '198.18.0.0/31' },
    { destination: '198.18.0.2/32' },
  ])
  const { tunnels } = JSON.parse((await service.run(['wg', 'show', '--json'])).stdout) as {
    tunnels: { peers: { allowedIps: string[] }[] }[]
  }
  expect(tunnels[0]?.peers[0]?.allowedIps).toHaveLength(networks.length)
})

test('of a tunnel with 60,000 networks, which are not routed, wg show tells all', async () => {
  const networks = Array.from(
    { length: 60_000 },
    (_, index) => `100.${64 + (index >> 10)}.${(index >> 2) & 255}.${(index & 3) << 6}/26`,
  )
  const text = confs.client.replace(/^AllowedIPs = .*$/m, `AllowedIPs = ${networks.join(', ')}`)
  expect(await site.up(site.conf(text.replace('[Interface]', '[Interface]\nTable = off')))).toMatchObject({
    code: 0,
  })
  const shown = (await service.run(['wg', 'show', 'wg0', 'allowed-ips'])).stdout.split(/\s+/)
  expect(shown.filter((word) => word.startsWith('100.'))).toHaveLength(networks.length)
})

test('while a tunnel is up its secret keys are nowhere but in the profile, which is its host’s alone', async () => {
  const path = site.conf(confs.client)
  await site.up(path)
  const secrets = [valueOf(confs.client, 'PrivateKey'), valueOf(confs.client, 'PresharedKey')]
  expect(secrets.map((secret) => secret.length)).toEqual([44, 44])
  const forms = secrets.flatMap((secret) => [secret, Buffer.from(secret, 'base64').toString('hex')])
  expect(findText(forms, [place.folder]).toSorted()).toEqual([path, profilePath('wg0')].toSorted())
  const stat = statSync(profilePath('wg0'))
  expect(stat.mode & 0o7777).toBe(0o600)
  expect(stat.uid).toBeGreaterThanOrEqual(20_010_000)
  const logs = await service.run(['logs'])
  const shown = await service.run(['wg', 'show', '--json'])
  for (const text of forms) expect(logs.stdout + shown.stdout + service.process.stderr).not.toContain(text)
  // What is not secret is found, so the search finds.
  expect(findText([valueOf(confs.client, 'PublicKey')], [place.folder]).length).toBeGreaterThan(2)
  await service.run(['down', 'wg0'])
  expect(findText(forms, [place.folder])).toEqual([path])
})

test('a second profile is refused, and the first stays', async () => {
  await site.up(site.conf(confs.client))
  const second = await site.up(site.conf(confs.client, 'office'))
  expect(second).toMatchObject({ code: exitCodes.failure, stdout: '' })
  expect(second.stderr).toBe('vpnext: wg0 is up already, and only one can be\n  vpnext down wg0\n')
  const down = await service.run(['down', 'office'])
  expect(down).toMatchObject({ code: exitCodes.notFound, stderr: 'vpnext: office is not up\n  wg0 is\n' })
  expect(existsSync(profilePath('office'))).toBe(false)
  expect(await appearance('v4')).toBe(far.v4)
})

test('with a wrong key up says that nobody answers; the tunnel stays, and nothing gets past it', async () => {
  using uplink = capture(lab.router, 'r-client')
  const stranger = confs.client.replace(
    /PublicKey = .*/,
    `PublicKey = ${valueOf(makeWireGuardConfs().client, 'PublicKey')}`,
  )
  const silent = await site.up(site.conf(stranger), '--wait', '1')
  expect(silent.code).toBe(exitCodes.unanswered)
  expect(silent.stdout).toMatch(/^wg0 is up: .*\n {2}peer \S+ at 10\.77\.2\.2:51820, no answer yet\n$/)
  expect(silent.stderr).toContain(
    'no peer has answered within 1 s; the tunnel stays up, and goes on asking\n',
  )
  await expect(udpProbe(lab.client, internet.v4, { timeoutMs: 500 })).resolves.not.toBe(
    labAddresses.client.v4,
  )
  expect(uplink.packets.filter(({ destinationPort }) => destinationPort === 7)).toEqual([])
  expect(uplink.count({ protocol: 'udp', destinationPort: 51_820 })).toBeGreaterThan(0)
  expect((await service.run(['wg', 'show'])).stdout).not.toContain('latest handshake')
})

/** Asks the name server of the local network, by itself. @returns whether it has answered */
async function askRouter(): Promise<boolean> {
  const socket = openUdp(lab.client, '0.0.0.0')
  try {
    for (let left = 20; left > 0; left--) {
      socket.send(routerQuestion, labPorts.dns, labAddresses.router.v4)
      const answer = await Promise.race([once(socket, 'message'), sleep(100)])
      if (answer !== undefined) return true
    }
    return false
  } finally {
    await closeUdp(socket)
  }
}
/** An address of `www.lab.test` (RFC 1035, 4.1). */
const routerQuestion = Buffer.from('00070100000100000000000003777777036c616204746573740000010001', 'hex')

test('with --exclude lan the local network stays outside the tunnel, and nothing else does', async () => {
  const path = site.conf(confs.client)
  const toRouter = { protocol: 'udp', destinationPort: labPorts.dns } as const
  {
    using uplink = capture(lab.router, 'r-client')
    expect(await site.up(path)).toMatchObject({ code: 0 })
    await askRouter()
    expect(uplink.count(toRouter)).toBe(0)
    await service.run(['down', 'wg0'])
  }
  using uplink = capture(lab.router, 'r-client')
  const brought = await site.up(path, '--exclude', 'lan', '--exclude', '198.51.100.0/24')
  expect(brought).toMatchObject({ code: 0 })
  expect(brought.stdout).toMatch(
    /\n {2}outside stay .*10\.77\.1\.0\/24, .*224\.0\.0\.0\/24, .*fd77:1::\/64.*, 198\.51\.100\.0\/24\n$/,
  )
  expect(await askRouter()).toBe(true)
  expect(uplink.count(toRouter)).toBeGreaterThan(0)
  for (const version of ['v4', 'v6'] as const) expect(await appearance(version)).toBe(far[version])
  expect(uplink.packets.filter(({ destinationPort }) => destinationPort === 7)).toEqual([])
  expect(readFileSync(place.resolvConf, 'utf8')).toContain('nameserver 10.9.0.1')
})

test('what is no network cannot be excluded, nor the tunnel’s own', async () => {
  for (const network of ['printer', '10.9.0.0/24']) {
    const refused = await site.up(site.conf(confs.client), '--exclude', network)
    expect(refused).toMatchObject({ code: exitCodes.usage, stdout: '' })
    expect(refused.stderr).toMatch(new RegExp(`^vpnext: --exclude: .*${network}`))
  }
})

test('of a tunnel whose interface was deleted, wg show says that it carries nothing', async () => {
  expect(await site.up(site.conf(confs.client))).toMatchObject({ code: 0, stderr: '' })
  {
    using netlink = lab.client.rtnetlink()
    netlink.apply([{ op: 'deleteLink', index: lab.client.linkIndex('vpn-tun') }])
  }
  const end = performance.now() + 20_000
  for (;;) {
    const { stdout } = await service.run(['wg', 'show'])
    if (stdout.includes('\n  carries nothing: ')) break
    expect(performance.now(), stdout).toBeLessThan(end)
  }
  expect(await service.run(['down', 'wg0'])).toMatchObject({ code: 0 })
})

test('a host that is killed takes its tunnel along, and up begins anew', async () => {
  const path = site.conf(confs.client)
  await site.up(path)
  const { hosts } = JSON.parse((await service.run(['status', '--json'])).stdout) as {
    hosts: { pid: number }[]
  }
  process.kill(hosts[0]?.pid ?? 0, 'SIGKILL')
  expect(await waitForState(site.before, lab.client, place, withoutService)).toEqual([])
  expect((await service.run(['wg', 'show'])).stdout).toBe('no tunnel of `vpnext up`\n')
  expect(await site.up(path)).toMatchObject({ code: 0 })
  expect(await appearance('v6')).toBe(far.v6)
  expect(await service.run(['down', path])).toMatchObject({ code: 0, stdout: 'wg0 is down\n' })
})

test('a profile that outlives its tunnel is removed by down', async () => {
  await site.up(site.conf(confs.client))
  await service.run(['stop', bundle])
  expect(existsSync(profilePath('wg0'))).toBe(true)
  const down = await service.run(['down', 'wg0'])
  expect(down).toMatchObject({ code: 0, stdout: 'wg0 was not up; its stored profile is removed\n' })
})

const withInterface = (line: string): string => confs.client.replace('DNS =', `${line}\nDNS =`)

test.each([
  ['a command', 'PostUp = rm -rf /', exitCodes.refused, 'wg0.conf:4: PostUp: commands in a file are not run'],
  ['a key that is none', 'Colour = red', exitCodes.failure, 'wg0.conf:4: Colour: is no key of [Interface]'],
  [
    'a table of somebody else’s',
    'Table = 1234',
    exitCodes.failure,
    'wg0.conf:4: Table: 1234: routes go into',
  ],
  [
    'an MTU that the API refuses',
    'MTU = 300',
    exitCodes.failure,
    'wg0.conf:4: MTU: Invalid parameter value: config.mtu: must be a whole number from 576',
  ],
])('%s is refused, and nothing is left', async (_name, line, code, message) => {
  const result = await site.up(site.conf(withInterface(line)))
  expect(result).toMatchObject({ code, stdout: '' })
  expect(result.stderr).toContain(message)
  expect(existsSync(profilePath('wg0'))).toBe(false)
  expect((await service.run(['wg', 'show'])).stdout).toBe('no tunnel of `vpnext up`\n')
})

test('a port that somebody has is told with its line, and nothing is left', async () => {
  const other = openUdp(lab.client, '0.0.0.0')
  try {
    const result = await site.up(site.conf(withInterface(`ListenPort = ${other.address().port}`)), '--json')
    expect(result.code).toBe(exitCodes.failure)
    expect(JSON.parse(result.stdout)).toMatchObject({ error: { line: 4, key: 'ListenPort' } })
    expect(existsSync(profilePath('wg0'))).toBe(false)
  } finally {
    await closeUdp(other)
  }
})

test('commands in a file run only where the administrator allows it, and see the interface', async () => {
  const told = join(place.folder, 'told')
  const hooks = ['PreUp', 'PostUp', 'PreDown', 'PostDown'].map(
    (name) => `${name} = echo ${name} %i >> ${told}`,
  )
  const path = site.conf(withInterface(hooks.join('\n')))
  expect(await site.up(path)).toMatchObject({ code: exitCodes.refused })
  expect(existsSync(told)).toBe(false)

  mkdirSync(site.policyFolder, { mode: 0o755 })
  const rules = [{ bundleName: bundle, commands: true }]
  writeFileSync(join(site.policyFolder, 'a.json'), JSON.stringify({ version: 1, rules }), { mode: 0o644 })
  expect(await site.up(path)).toMatchObject({ code: 0 })
  expect(await service.run(['down', path])).toMatchObject({ code: 0 })
  expect(readFileSync(told, 'utf8')).toMatch(
    /^PreUp vpn-tun\nPostUp vpn-tun\nPreDown vpn-tun\nPostDown vpn-tun\n$/,
  )

  const failing = await site.up(site.conf(withInterface('PostUp = exit 7'), 'broken'))
  expect(failing).toMatchObject({ code: exitCodes.failure, stdout: '' })
  expect(failing.stderr).toContain('broken.conf:4: PostUp: the command ended with code 7')
  expect(existsSync(profilePath('broken'))).toBe(false)

  await site.up(path)
  rmSync(site.policyFolder, { recursive: true })
  rmSync(told)
  const down = await service.run(['down', path])
  expect(down).toMatchObject({ code: 0, stdout: 'wg0 is down\n' })
  expect(down.stderr).toContain('its commands are not run: the administrator has not allowed them')
  expect(existsSync(told)).toBe(false)
})

const takenDown = {
  code: exitCodes.failure,
  stdout: '',
  // What is asked at the first start comes before it.
  stderr: expect.stringMatching(/(^|\n)vpnext: wg0 was taken down while it came up\n$/),
}

test('who takes a tunnel down that waits for an answer has up say so', async () => {
  const stranger = `PublicKey = ${valueOf(makeWireGuardConfs().client, 'PublicKey')}`
  const path = site.conf(confs.client.replace(/PublicKey = .*/, stranger))
  const up = site.up(path, '--wait', '600')
  while (!(await service.run(['wg', 'show'])).stdout.includes('profile: wg0')) await sleep(50)
  expect(await service.run(['down', 'wg0'])).toMatchObject({ code: 0, stdout: 'wg0 is down\n' })
  expect(await up).toMatchObject(takenDown)
})

test('the same before there is a tunnel', async () => {
  const [begun, go] = ['begun', 'go'].map((name) => join(place.folder, name))
  mkdirSync(site.policyFolder, { mode: 0o755 })
  try {
    const rules = [{ bundleName: bundle, commands: true }]
    writeFileSync(join(site.policyFolder, 'a.json'), JSON.stringify({ version: 1, rules }), { mode: 0o644 })
    const wait = `touch ${begun}; while ! test -e ${go}; do sleep 0.05; done`
    const up = site.up(site.conf(withInterface(`PreUp = ${wait}`)))
    while (!existsSync(begun ?? '')) await sleep(50)
    const down = await service.run(['down', 'wg0'])
    expect(down).toMatchObject({ code: 0, stdout: 'wg0 was not up; its stored profile is removed\n' })
    writeFileSync(go ?? '', '')
    expect(await up).toMatchObject(takenDown)
  } finally {
    rmSync(site.policyFolder, { recursive: true })
  }
})

test('a broken key is told by its place, not by its text', async () => {
  const key = valueOf(confs.client, 'PrivateKey').slice(0, 40)
  const result = await site.up(
    site.conf(confs.client.replace(/PrivateKey = .*/, `PrivateKey = ${key}`)),
    '--json',
  )
  expect(result.code).toBe(exitCodes.failure)
  expect(JSON.parse(result.stdout)).toMatchObject({ error: { line: 2, key: 'PrivateKey', exitCode: 1 } })
  expect(result.stdout + result.stderr).not.toContain(key.slice(0, 10))
})

test('without an MTU in the file there is room for WireGuard on the uplink', async () => {
  const setMtu = (mtu: number): void => {
    using netlink = lab.client.rtnetlink()
    netlink.apply([{ op: 'setLink', index: lab.client.linkIndex(labLinks.client), mtu }])
  }
  setMtu(1400)
  try {
    const result = await site.up(site.conf(confs.client))
    expect(result).toMatchObject({ code: 0 })
    expect(result.stdout).toContain(', MTU 1320\n')
  } finally {
    setMtu(1500)
  }
})

test('a link-local endpoint is shown with its interface, as wg does', async () => {
  const path = site.conf(confs.client.replace(/^Endpoint = .*$/m, 'Endpoint = [fe80::1%c0]:51820'))
  expect(await site.up(path, '--wait', '0')).toMatchObject({ code: 0 })
  expect((await service.run(['wg', 'show'])).stdout).toContain('  endpoint: [fe80::1%c0]:51820\n')
})

test('a file that others may read, or that is not there, is told of', async () => {
  const path = site.conf(confs.client)
  chmodSync(path, 0o644)
  expect((await site.up(path)).stderr).toContain(
    `warning: ${path}: others may read it, and it holds keys: chmod 600`,
  )
  expect((await service.run(['up', '/nowhere/wg0.conf'])).code).toBe(exitCodes.notFound)
  writeFileSync(path, Buffer.from(`\ufeff${confs.client}`, 'utf16le'))
  const wide = await site.up(path)
  expect(wide).toMatchObject({ code: exitCodes.failure, stdout: '' })
  expect(wide.stderr).toBe(
    `vpnext: ${path}: is in UTF-16, and UTF-8 is needed\n  iconv -f UTF-16 -t UTF-8 ${path}\n`,
  )
  const named = await service.run(['up', 'vpnext-none'])
  expect(named.stderr).toContain('there is no file /etc/wireguard/vpnext-none.conf')
})

test('genkey, pubkey and genpsk make keys that others understand', async () => {
  const run = async (args: string[], input = ''): Promise<Finished> =>
    startVpnext(lab.client, args, { input }).finished
  const privateKey = (await run(['genkey'])).stdout
  expect(privateKey).toMatch(/^[A-Za-z0-9+/]{43}=\n$/)
  const publicKey = (await run(['pubkey'], privateKey)).stdout.trim()
  // RFC 8410: the same by OpenSSL.
  const der = Buffer.concat([
    Buffer.from('302e020100300506032b656e04220420', 'hex'),
    Buffer.from(privateKey, 'base64'),
  ])
  const { x = '' } = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })).export({
    format: 'jwk',
  })
  expect(Buffer.from(x, 'base64url').toString('base64')).toBe(publicKey)
  const shared = [await run(['genpsk']), await run(['genpsk'])].map(({ stdout }) => stdout)
  expect(shared[0]).toMatch(/^[A-Za-z0-9+/]{43}=\n$/)
  expect(shared[0]).not.toBe(shared[1])
  const bad = await run(['pubkey'], 'too short\n')
  expect(bad).toMatchObject({ code: exitCodes.failure, stdout: '' })
  expect(bad.stderr).toContain('standard input: not a key')
})
