import { capture, type Lab, labAddresses, labLinks } from '@vpnext/lab'
import { probeUid, tcpProbe, udpProbe } from '@vpnext/lab'
import { expect, test } from 'vitest'
import { carry } from '../test/carrier.ts'
import type { Machine } from '../test/lab-tunnel.ts'
import type { ConfigInWords } from '../test/sample-plan.ts'
import { useLab, useMachine } from '../test/use-lab.ts'
import { diffSnapshots } from './index.ts'

const internet = labAddresses.internet
const dual: ConfigInWords = { addresses: ['10.8.0.5/24', 'fd08::5/64'] }
const v4Only: ConfigInWords = { addresses: ['10.8.0.5/24'] }
const quick = { timeoutMs: 400 }

let lab: Lab
let machine: Machine

useLab((made) => (lab = made))
useMachine(
  () => lab,
  (made) => (machine = made),
)

test('a device tunnel carries both families, and a protected socket goes out by the uplink', async () => {
  const tunnel = await machine.create(dual)
  await using _carrier = carry(lab, tunnel.handOver(), machine.settings.protectMark)
  for (const probe of [tcpProbe, udpProbe]) {
    for (const version of ['v4', 'v6'] as const) {
      expect(await probe(lab.client, internet[version])).toBe(labAddresses.gateway[version])
      expect(await probe(lab.client, internet[version], { uid: 0, mark: machine.settings.protectMark })).toBe(
        labAddresses.client[version],
      )
    }
  }
  const { rxBytes, txBytes, rxPackets, txPackets } = lab.client.run(() => tunnel.counters())
  expect(Math.min(rxBytes, txBytes, rxPackets, txPackets)).toBeGreaterThan(0)
})

test('nothing is left after destroy, which can be repeated', async () => {
  const empty = machine.snapshot()
  const made = await machine.create({
    ...dual,
    more: { dnsAddresses: ['10.8.0.1'], searchDomains: ['corp.test'] },
  })
  expect(diffSnapshots(empty, machine.snapshot())).not.toEqual([])
  expect(machine.journal.entries()).toHaveLength(1)
  await machine.destroy(made)
  await machine.destroy(made)
  expect(diffSnapshots(empty, machine.snapshot())).toEqual([])
  expect(machine.journal.entries()).toEqual([])
})

test.each(['v4', 'v6'] as const)(
  'a socket bound to the uplink does not get around the tunnel (%s)',
  async (version) => {
    const around = { ...quick, bindToDevice: labLinks.client }
    using uplink = capture(lab.router, labLinks.routerToClient)
    const toInternet = { destination: internet[version], destinationPort: 7 } as const
    expect(await udpProbe(lab.client, internet[version], around)).toBe(labAddresses.client[version])
    expect(await tcpProbe(lab.client, internet[version], around)).toBe(labAddresses.client[version])
    const control = uplink.count(toInternet)
    expect(control).toBeGreaterThan(0)
    await machine.create(dual)
    expect(await tcpProbe(lab.client, internet[version], around)).not.toBe(labAddresses.client[version])
    expect(await udpProbe(lab.client, internet[version], around)).not.toBe(labAddresses.client[version])
    expect(uplink.count(toInternet)).toBe(control)
  },
)

test('a family that is not accepted is unreachable beside a full tunnel, and free beside a split one', async () => {
  let tunnel = await machine.create(v4Only)
  expect(await tcpProbe(lab.client, internet.v6)).toBe('EHOSTUNREACH')
  expect(await tcpProbe(lab.client, internet.v6, { ...quick, bindToDevice: labLinks.client })).not.toBe(
    labAddresses.client.v6,
  )
  await machine.destroy(tunnel)
  tunnel = await machine.create({ ...v4Only, routes: ['198.51.100.0/24'] })
  expect(await tcpProbe(lab.client, internet.v6)).toBe(labAddresses.client.v6)
})

test('an excluded route stays outside, also for a socket bound to the uplink', async () => {
  await machine.create({
    ...dual,
    routes: ['0.0.0.0/0', '::/0', '!203.0.113.0/24', '!2001:db8:113::/48'],
  })
  for (const version of ['v4', 'v6'] as const) {
    expect(await tcpProbe(lab.client, internet[version])).toBe(labAddresses.client[version])
    expect(await udpProbe(lab.client, internet[version], { bindToDevice: labLinks.client })).toBe(
      labAddresses.client[version],
    )
  }
})

test('without its carrier a tunnel is closed, not open', async () => {
  await machine.create(dual)
  using uplink = capture(lab.router, labLinks.routerToClient)
  for (const version of ['v4', 'v6'] as const) {
    expect(await udpProbe(lab.client, internet[version], quick)).toBe('ETIMEDOUT')
  }
  expect(uplink.count({ destinationPort: 7 })).toBe(0)
})

test('packets with another source do not enter the tunnel', async () => {
  await machine.create(dual)
  using inside = capture(lab.client, 'vpn-tun')
  await udpProbe(lab.client, internet.v4, { ...quick, bindAddress: labAddresses.client.v4 })
  await udpProbe(lab.client, internet.v6, { ...quick, bindAddress: labAddresses.client.v6 })
  expect(inside.count({ destinationPort: 7 })).toBe(0)
  await udpProbe(lab.client, internet.v4, quick)
  await udpProbe(lab.client, internet.v6, quick)
  expect(inside.count({ destinationPort: 7 })).toBe(2)
})

test('a user tunnel carries only its user', async () => {
  const uid = probeUid()
  const tunnel = await machine.create(dual, { scope: { kind: 'user', uid }, hostUid: 20_010_000 })
  await using _carrier = carry(lab, tunnel.handOver(), machine.settings.protectMark)
  for (const version of ['v4', 'v6'] as const) {
    expect(await tcpProbe(lab.client, internet[version], { uid })).toBe(labAddresses.gateway[version])
    expect(await udpProbe(lab.client, internet[version], { uid })).toBe(labAddresses.gateway[version])
    expect(await tcpProbe(lab.client, internet[version], { uid: 0 })).toBe(labAddresses.client[version])
    const into = { ...quick, bindToDevice: 'vpn-tun', uid: 4242 }
    expect(await udpProbe(lab.client, internet[version], into)).not.toBe(labAddresses.gateway[version])
    const out = { ...quick, bindToDevice: labLinks.client, uid }
    expect(await udpProbe(lab.client, internet[version], out)).not.toBe(labAddresses.client[version])
  }
})
