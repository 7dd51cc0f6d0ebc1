import { execFileSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import {
  capture,
  EchoServer,
  type Lab,
  labAddresses,
  labLinks,
  probeUid,
  tcpProbe,
  udpProbe,
} from '@vpnext/lab'
import { bindInet, bindToDevice, inetSocket, setSysctl } from '@vpnext/native'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { inside, type Machine } from '../test/lab-tunnel.ts'
import { requestFor } from '../test/sample-plan.ts'
import { useLab, useMachine } from '../test/use-lab.ts'
import {
  closeAhead,
  type ClosedAhead,
  type ClosedRequest,
  createTunnel,
  diffSnapshots,
  type FaultInjector,
  planClosed,
  planTunnel,
  readKernelFacts,
} from './index.ts'

const { internet, client } = labAddresses
const versions = ['v4', 'v6'] as const
const quick = { timeoutMs: 200 }
const hostUid = 20_010_000

let lab: Lab
let machine: Machine
let standing: ClosedAhead['closed'][]

useLab((made) => (lab = made))
useMachine(
  () => lab,
  (made) => (machine = made),
)
beforeEach(() => {
  standing = []
})
afterEach(async () => {
  for (const closed of standing) await open(closed)
  lab.client.run(() => setSysctl('net.ipv4.conf.all.rp_filter', 0))
})

function close(changes: Partial<ClosedRequest> = {}, faults?: FaultInjector): ClosedAhead {
  const { settings, journal } = machine
  const request: ClosedRequest = {
    slot: 0,
    interfaceName: 'vpn-closed0',
    scope: { kind: 'device' },
    hostUid,
    owner: { uid: 1000, bundleName: 'com.example.vpn' },
    ...changes,
  }
  const made = lab.client.run(() =>
    closeAhead(planClosed(request, settings, readKernelFacts(settings)), {
      journal,
      ...(faults !== undefined && { faults }),
    }),
  )
  standing.push(made.closed)
  return made
}

const open = (closed: ClosedAhead['closed']): Promise<void> => inside(lab.client, () => closed.destroy())

/** Where nobody listens, so that no connection of before has packets for it. */
const nobodysPort = 9

/** How many packets programs get out, on the way that the kernel chooses and around it. */
async function leaked(uids: readonly number[] = [probeUid(), 0]): Promise<number> {
  using uplink = capture(lab.router, labLinks.routerToClient)
  for (const uid of uids) {
    for (const version of versions) {
      const how = { timeoutMs: 50, uid, port: nobodysPort }
      await udpProbe(lab.client, internet[version], how)
      await tcpProbe(lab.client, internet[version], how)
      await udpProbe(lab.client, internet[version], { ...how, bindToDevice: labLinks.client })
    }
  }
  return uplink.count({ destinationPort: nobodysPort })
}

test.each([
  ['no', 0],
  ['strict', 1],
  ['loose', 2],
])(
  'closed ahead, nothing leaves but what its own host and connections from outside send (%s source checks)',
  async (_name, value) => {
    lab.client.run(() => setSysctl('net.ipv4.conf.all.rp_filter', value))
    await using _server = await EchoServer.open(lab.client, client, 80)
    const empty = machine.snapshot()
    // The control: without it the same gets out.
    expect(await leaked([0])).toBeGreaterThan(0)
    const { closed, failures } = close()
    expect(failures).toEqual([])
    expect(await leaked()).toBe(0)
    for (const version of versions) {
      expect(await udpProbe(lab.client, internet[version], { connect: true })).toBe('EHOSTUNREACH')
      for (const how of [{ mark: machine.settings.protectMark }, {}]) {
        expect(await tcpProbe(lab.client, internet[version], { ...how, uid: hostUid })).toBe(client[version])
        expect(await udpProbe(lab.client, internet[version], { ...how, uid: hostUid })).toBe(client[version])
      }
      expect(await tcpProbe(lab.internet, client[version], { port: 80 })).toBe(internet[version])
      expect(await tcpProbe(lab.client, client[version], { port: 80 })).toBe(client[version])
    }
    await open(closed)
    expect(diffSnapshots(empty, machine.snapshot())).toEqual([])
    expect(machine.journal.entries()).toEqual([])
  },
)

test('closed ahead, DHCP and neighbour discovery pass', async () => {
  close()
  using uplink = capture(lab.router, labLinks.routerToClient)
  const fd = lab.client.run(() => inetSocket(4, 'dgram'))
  bindToDevice(fd, labLinks.client)
  bindInet(fd, '0.0.0.0', 68)
  const socket = createSocket('udp4').bind({ fd: fd.release() })
  await new Promise((resolve) => socket.send('x', 67, labAddresses.router.v4, resolve))
  socket.close()
  await uplink.waitFor({ sourcePort: 68, destinationPort: 67 })
  lab.client.run(() => execFileSync('ip', ['-6', 'neigh', 'flush', 'dev', labLinks.client]))
  expect(await tcpProbe(lab.client, internet.v6, { uid: hostUid })).toBe(client.v6)
  expect(uplink.count({ protocol: 'icmpv6' })).toBeGreaterThan(0)
})

test('closed ahead for one user, the others are as without it', async () => {
  const uid = probeUid()
  const empty = machine.snapshot()
  const { closed } = close({ scope: { kind: 'user', uid }, owner: { uid, bundleName: 'com.example.vpn' } })
  expect(await leaked([uid])).toBe(0)
  expect(await leaked([0])).toBeGreaterThan(0)
  expect(await tcpProbe(lab.client, internet.v4, { uid: hostUid })).toBe(client.v4)
  await open(closed)
  expect(diffSnapshots(empty, machine.snapshot())).toEqual([])
})

test('where servers are declared, its host reaches those alone while all else is closed', async () => {
  const endpoints = [{ family: 4, address: internet.v4, port: 7, protocol: 'tcp' }] as const
  const { closed } = close({ endpoints })
  const host = { ...quick, uid: hostUid }
  expect(await tcpProbe(lab.client, internet.v4, { uid: hostUid })).toBe(client.v4)
  expect(await udpProbe(lab.client, internet.v4, host)).not.toBe(client.v4)
  expect(await tcpProbe(lab.client, internet.v6, host)).not.toBe(client.v6)
  await open(closed)
})

test('a step of closing ahead that fails is told, the others are done, and it is closed all the same', async () => {
  const empty = machine.snapshot()
  const told: string[] = []
  for (const failing of ['sysctl net/ipv4/conf/all/src_valid_mark', 'routes', 'guard', 'rules']) {
    const { closed, failures } = close(undefined, {
      before(step) {
        if (step === failing) throw new Error('injected')
      },
    })
    told.push(...failures)
    expect({ failing, answer: await tcpProbe(lab.client, internet.v4, quick) }).not.toMatchObject({
      answer: client.v4,
    })
    // Without its filter it is the routes alone, which SO_BINDTODEVICE gets around.
    if (failing !== 'guard') expect({ failing, leaked: await leaked() }).toEqual({ failing, leaked: 0 })
    await open(closed)
    expect(diffSnapshots(empty, machine.snapshot())).toEqual([])
  }
  expect(told).toEqual(
    ['sysctl net/ipv4/conf/all/src_valid_mark', 'routes', 'guard', 'rules'].map(
      (step) => `${step}: Error: injected`,
    ),
  )
  expect(() =>
    close(undefined, {
      before() {
        throw new Error('no record')
      },
    }),
  ).toThrow('no record')
  expect(diffSnapshots(empty, machine.snapshot())).toEqual([])
})

test('a tunnel takes the place of what was closed ahead without a packet outside', async () => {
  const { settings, journal } = machine
  const { closed } = close()
  const sent: Promise<number>[] = []
  const plan = machine.plan({ addresses: ['10.8.0.5/24', 'fd08::5/64'] }, { slot: 1, hostUid })
  const tunnel = await inside(lab.client, () =>
    createTunnel(plan, { journal, faults: { before: () => void sent.push(leaked([0])) } }),
  )
  sent.push(leaked())
  await open(closed)
  sent.push(leaked())
  expect(await Promise.all(sent)).toEqual(sent.map(() => 0))
  expect(sent.length).toBeGreaterThan(5)
  const rival = requestFor({}, { slot: 1 })
  expect(() => lab.client.run(() => planTunnel(rival, settings, readKernelFacts(settings)))).toThrow(
    'vpn-tun',
  )
  await machine.destroy(tunnel)
})
