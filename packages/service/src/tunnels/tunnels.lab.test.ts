import { execFileSync } from 'node:child_process'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { Rtnetlink, openFds, unshare } from '@vpnext/native'
import { type NetworkSnapshot, defaultSettings, diffSnapshots, takeSnapshot } from '@vpnext/network'
import { isVarlinkError } from '@vpnext/varlink'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { bundleProgram } from '../../test/bundle-program.ts'
import { sampleArchive } from '../../test/sample-archive.ts'
import { type TemporaryFolder, temporaryFolder } from '../../test/temporary-folder.ts'
import { type TestService, sampleWant, startTestService } from '../../test/test-service.ts'
import { publicInterface } from '../protocol/public-interface.ts'
import type { ServiceOptions } from '../settings.ts'

let programs: TemporaryFolder
let folder: TemporaryFolder
let machine: TestService
let empty: NetworkSnapshot
let descriptors: number

const snapshot = (): NetworkSnapshot =>
  takeSnapshot(defaultSettings({ instance: `t${process.pid}`, resolvConf: folder.in('etc', 'resolv.conf') }))
const interfaces = (): string[] => {
  using netlink = Rtnetlink.open()
  return netlink.links().map((link) => link.name)
}
const address = (text: string): object => ({ address: { address: text }, prefixLength: 24 })
const config = { addresses: [address('10.8.0.5')] }
const start = (options?: Partial<ServiceOptions>): Promise<TestService> =>
  startTestService(folder, programs.path, options)

beforeAll(async () => {
  unshare({ network: true })
  programs = temporaryFolder()
  await bundleProgram('scripted-host', programs.path, 'stage1.mjs')
  await bundleProgram('call-as', programs.path, 'call-as.mjs')
})
afterAll(() => programs[Symbol.dispose]())
beforeEach(async () => {
  descriptors = openFds()
  folder = temporaryFolder()
  machine = await start()
  await machine.install()
  await machine.allow()
  empty = snapshot()
})
afterEach(async () => {
  await machine[Symbol.asyncDispose]()
  expect(diffSnapshots(empty, snapshot())).toEqual([])
  expect(openFds()).toBe(descriptors)
  folder[Symbol.dispose]()
})

test('create hands the TUN to the host; destroy takes everything back, and can be repeated', async () => {
  await machine.start({ onCreate: [{ do: 'create', config: { ...config, dnsAddresses: ['10.8.0.1'] } }] })
  expect(await machine.logged('create:')).toBe('create: {"interfaceName":"vpn-tun","warnings":[],"fds":1}')
  expect((await machine.status()).tunnels).toMatchObject([
    {
      bundleName: 'com.example.vpn',
      interfaceName: 'vpn-tun',
      scope: 'device',
      addresses: ['10.8.0.5/24'],
      routes: ['0.0.0.0/0'],
      mtu: 1500,
    },
  ])
  expect(interfaces()).toContain('vpn-tun')
  expect(readFileSync(folder.in('etc', 'resolv.conf'), 'utf8')).toContain('10.8.0.1')
  await machine.start({
    onRequest: [{ do: 'destroy' }, { do: 'destroy' }, { do: 'destroy', vpnId: 'unknown' }],
  })
  expect(machine.log.filter((entry) => entry.message === 'destroy: {}')).toHaveLength(3)
  expect((await machine.status()).tunnels).toEqual([])
  expect(diffSnapshots(empty, snapshot())).toEqual([])
})

test('a second create is 2203002, of the same bundle and of another, and the first stays', async () => {
  await machine.start({
    onCreate: [
      { do: 'create', config },
      { do: 'create', config: { addresses: [address('10.9.0.5')] } },
    ],
  })
  await machine.logged('create: {"code":2203002')
  const app = { ...sampleArchive().app, bundleName: 'com.example.other' }
  await machine.install({ app })
  await machine.allow('com.example.other')
  const parameters = {
    onCreate: [
      { do: 'create', config },
      { do: 'protect', what: 'udp' },
    ],
  }
  const want = { ...sampleWant, bundleName: 'com.example.other', parameters }
  await machine.client.call(publicInterface, 'StartAbility', { want })
  expect(machine.log.filter((entry) => entry.message.includes('"code":2203002'))).toHaveLength(2)
  // And what it cannot carry away, it cannot take out of the tunnel either.
  await machine.logged('protect: {"code":201')
  expect((await machine.status()).tunnels).toHaveLength(1)
})

test('tunnels with a vpnId stand beside each other; each ends on its own', async () => {
  const named = (vpnId: string, text: string): object => ({
    do: 'create',
    config: {
      vpnId,
      addresses: [address(text)],
      routes: [
        {
          interface: '',
          destination: { address: { address: text }, prefixLength: 24 },
          gateway: { address: '' },
          hasGateway: false,
          isDefaultRoute: false,
        },
      ],
    },
  })
  await machine.start({
    onCreate: [
      { do: 'create', config },
      named('work', '10.9.0.5'),
      named('home', '10.10.0.5'),
      named('work', '10.11.0.5'),
    ],
  })
  await machine.logged('"code":2203002')
  const names = async (): Promise<string[]> =>
    (await machine.status()).tunnels.map((tunnel) => tunnel.interfaceName)
  expect(await names()).toEqual(['vpn-tun', 'multitun-vpn1', 'multitun-vpn2'])
  await machine.start({ onRequest: [{ do: 'destroy', vpnId: 'work' }] })
  expect(await names()).toEqual(['vpn-tun', 'multitun-vpn2'])
  await machine.start({ onRequest: [{ do: 'destroy' }] })
  expect(await names()).toEqual(['multitun-vpn2'])
})

test('the service checks the config itself: the field is named and nothing changes', async () => {
  const bad = { addresses: [{ address: { address: '10.8.0.5' }, prefixLength: 280 }] }
  await machine.start({
    onCreate: [
      { do: 'create', config: bad },
      { do: 'create', config: { ...config, mtu: 70_000 } },
    ],
  })
  expect(await machine.logged('"code":401')).toContain('"field":"config.addresses[0].prefixLength"')
  expect(await machine.logged('"code":2200001')).toContain('"field":"config.mtu"')
  expect(diffSnapshots(empty, snapshot())).toEqual([])
})

test('a step that fails is 2200003 with its reason, after a full roll-back', async () => {
  await machine[Symbol.asyncDispose]()
  machine = await start({
    faults: {
      before: (step) => {
        if (step === 'rules') throw new Error('injected')
      },
    },
  })
  await machine.start({ onCreate: [{ do: 'create', config }] })
  expect(await machine.logged('"code":2200003')).toContain('injected')
  expect(diffSnapshots(empty, snapshot())).toEqual([])
  expect((await machine.status()).tunnels).toEqual([])
})

test('protect marks sockets, before and under the own tunnel, and nothing else', async () => {
  const attempts = ['udp', 'tcp', 'file', 'nothing'].map((what) => ({ do: 'protect', what }))
  await machine.start({ onCreate: [...attempts, { do: 'create', config }, ...attempts] })
  const answers = machine.log
    .filter((entry) => entry.message.startsWith('protect:'))
    .map((entry) => entry.message)
  const marked = 'protect: {"marks":[16777216]}'
  const refused = expect.stringContaining('"code":2203004') as string
  expect(answers).toEqual([marked, marked, refused, refused, marked, marked, refused, refused])
})

test('a host that dies takes its tunnel along', async () => {
  await machine.start({ onCreate: [{ do: 'create', config }] })
  const [host] = (await machine.status()).hosts
  expect(interfaces()).toContain('vpn-tun')
  process.kill(host?.pid ?? 0, 'SIGKILL')
  await expect.poll(async () => (await machine.status()).hosts).toEqual([])
  expect(interfaces()).not.toContain('vpn-tun')
  expect(diffSnapshots(empty, snapshot())).toEqual([])
})

test('a tunnel whose interface somebody deletes is undone, and its host is told', async () => {
  await machine.start({ onCreate: [{ do: 'create', config }] })
  using netlink = Rtnetlink.open()
  netlink.apply([{ op: 'deleteLink', name: 'vpn-tun' }])
  await machine.logged('gone vpn-tun')
  expect((await machine.status()).tunnels).toEqual([])
  expect(diffSnapshots(empty, snapshot())).toEqual([])
  await machine.start({ onRequest: [{ do: 'create', config }] })
  expect((await machine.status()).tunnels).toHaveLength(1)
})

test('a person in the user group gets a tunnel for themselves; one outside gets 2203001; a device tunnel excludes both', async () => {
  const member = { uid: 1000, gid: 990 }
  const outsider = { uid: 1001, gid: 1001 }
  const begin = (parameters: object): object => ({ want: { ...sampleWant, parameters } })
  for (const who of [member, outsider]) {
    await machine.callAs(who, 'Install', {}, sampleArchive())
    await machine.callAs(who, 'AnswerConsent', { bundleName: 'com.example.vpn', allow: true })
    expect(
      await machine.callAs(who, 'StartAbility', begin({ onCreate: [{ do: 'create', config }] })),
    ).toEqual({ parameters: {} })
  }
  expect((await machine.status()).tunnels).toMatchObject([{ ownerUid: 1000, scope: 'user' }])
  expect(await machine.logged('"code":2203001')).toContain('vpnext')
  await machine.start({ onCreate: [{ do: 'create', config }] })
  await machine.logged('"code":2203002')
  expect(await machine.callAs(outsider, 'GetStatus')).toMatchObject({
    parameters: { status: { tunnels: [], hosts: [{ ownerUid: 1001 }] } },
  })
  await machine.callAs(member, 'StopAbility', begin({}))
  await machine.start({ onRequest: [{ do: 'create', config }] })
  expect((await machine.status()).tunnels).toMatchObject([{ ownerUid: 0, scope: 'device' }])
})

test('the plan is told without being carried out', async () => {
  const { steps } = (
    await machine.client.call(publicInterface, 'PlanVpn', { config, bundleName: 'com.example.vpn' })
  ).parameters
  expect(steps.join('\n')).toContain('vpn-tun')
  expect(diffSnapshots(empty, snapshot())).toEqual([])
  const bad = machine.client.call(publicInterface, 'PlanVpn', { config: {} })
  await expect(bad).rejects.toSatisfy(
    (error) =>
      isVarlinkError(error, publicInterface, 'BusinessError') &&
      error.parameters.field === 'config.addresses',
  )
})

const damages: readonly (readonly [what: string, command: readonly string[]])[] = [
  ['the packet filter', ['nft', 'flush', 'ruleset']],
  ['rules', ['ip', 'rule', 'flush', 'protocol', '118']],
  ['vpn-tun was down', ['ip', 'link', 'set', 'vpn-tun', 'down']],
  ['the MTU of vpn-tun', ['ip', 'link', 'set', 'vpn-tun', 'mtu', '1400']],
]

test.each(damages)(
  'what somebody takes from a tunnel is put back, and told: %s',
  async (what, [command = '', ...args]) => {
    await machine.start({ onCreate: [{ do: 'create', config }] })
    const whole = snapshot()
    execFileSync(command, args)
    expect(await machine.logged('somebody changed')).toContain(what)
    await expect.poll(() => diffSnapshots(whole, snapshot()), { timeout: 20_000 }).toEqual([])
    // Again and again: no fight, and the service goes on.
    for (let round = 0; round < 5; round += 1) execFileSync(command, args)
    await expect.poll(() => diffSnapshots(whole, snapshot()), { timeout: 20_000 }).toEqual([])
    await machine.start({ onRequest: [{ do: 'destroy' }] })
  },
)

test('what the service itself makes and takes away is not mended', async () => {
  const steps = [{ do: 'create', config }, { do: 'destroy' }, { do: 'create', config }]
  await machine.start({ onCreate: steps })
  await new Promise((resolve) => setTimeout(resolve, 400))
  expect(machine.log.filter(({ message }) => message.includes('somebody changed'))).toEqual([])
})

test('a tunnel of a user follows the system’s resolver configuration', async () => {
  const person = { uid: 1000, gid: 990 }
  await machine.callAs(person, 'Install', {}, sampleArchive())
  await machine.callAs(person, 'AnswerConsent', { bundleName: 'com.example.vpn', allow: true })
  const steps = [{ do: 'create', config: { ...config, dnsAddresses: ['10.8.0.1'] } }]
  await machine.callAs(person, 'StartAbility', { want: { ...sampleWant, parameters: { onCreate: steps } } })
  await machine.logged('create: {"interfaceName"')
  const asked = async (): Promise<unknown> => {
    const { parameters } = await machine.client.call(publicInterface, 'DescribeProgram', { uid: 1000 })
    return parameters.dnsRedirects.map(({ from }) => from)
  }
  expect(await asked()).toEqual(['192.0.2.1'])
  writeFileSync(folder.in('etc', 'resolv.conf'), 'nameserver 192.0.2.2\n')
  await expect.poll(asked).toEqual(['192.0.2.2'])
  // As NetworkManager does it: another file takes its place.
  writeFileSync(folder.in('etc', 'new'), 'nameserver 192.0.2.3\n')
  renameSync(folder.in('etc', 'new'), folder.in('etc', 'resolv.conf'))
  await expect.poll(asked).toEqual(['192.0.2.3'])
  writeFileSync(folder.in('etc', 'resolv.conf'), 'nameserver 192.0.2.1\n')
  await machine.callAs(person, 'Uninstall', { bundleName: 'com.example.vpn' })
})
