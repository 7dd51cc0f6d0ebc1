import { execFileSync } from 'node:child_process'
import { capture, flushNft, type Lab, labAddresses, labLinks, tcpProbe, udpProbe } from '@vpnext/lab'
import { Rtnetlink } from '@vpnext/native'
import { expect, test } from 'vitest'
import type { Machine } from '../test/lab-tunnel.ts'
import type { ConfigInWords } from '../test/sample-plan.ts'
import { useLab, useMachine } from '../test/use-lab.ts'
import { diffSnapshots, mendTunnels, type Tunnel, watchGuard } from './index.ts'

const { internet, client } = labAddresses
const versions = ['v4', 'v6'] as const
const dual: ConfigInWords = { addresses: ['10.8.0.5/24', 'fd08::5/64'] }
const around = { bindToDevice: labLinks.client, timeoutMs: 300 }

let lab: Lab
let machine: Machine

useLab((made) => (lab = made))
useMachine(
  () => lab,
  (made) => (machine = made),
)

const ip = (...args: readonly string[]): void => {
  lab.client.run(() => void execFileSync('ip', [...args], { stdio: 'pipe' }))
}
const mend = (...tunnels: readonly Tunnel[]): string[] =>
  lab.client.run(() =>
    mendTunnels(
      tunnels.map(({ plan }) => plan),
      machine.journal,
    ),
  )

const damages: readonly (readonly [what: string, damage: () => void])[] = [
  ['flushes the packet filter', () => flushNft(lab.client)],
  [
    'deletes the rules',
    () => {
      ip('rule', 'delete', 'pref', '9000')
      ip('-6', 'rule', 'delete', 'pref', '9000')
    },
  ],
  [
    'flushes the table',
    () => {
      ip('route', 'flush', 'table', '52000')
      ip('-6', 'route', 'flush', 'table', '52000')
    },
  ],
  ['takes the interface down', () => ip('link', 'set', 'vpn-tun', 'down')],
  ['takes the addresses', () => ip('address', 'flush', 'dev', 'vpn-tun')],
  ['lowers the MTU', () => ip('link', 'set', 'vpn-tun', 'mtu', '1300')],
]

test.each(damages)('somebody %s: nothing leaks, and it is mended to the last bit', async (_what, damage) => {
  const tunnel = await machine.create(dual)
  const whole = machine.snapshot()
  damage()
  // The control: the damage is one.
  expect(diffSnapshots(whole, machine.snapshot())).not.toEqual([])
  {
    using uplink = capture(lab.router, labLinks.routerToClient)
    for (const version of versions) {
      await udpProbe(lab.client, internet[version], { timeoutMs: 100 })
      await tcpProbe(lab.client, internet[version], { timeoutMs: 100 })
    }
    expect(uplink.count({ destinationPort: 7 })).toBe(0)
  }
  mend(tunnel)
  expect(diffSnapshots(whole, machine.snapshot())).toEqual([])
  {
    using uplink = capture(lab.router, labLinks.routerToClient)
    using inner = capture(lab.client, 'vpn-tun')
    for (const version of versions) {
      await udpProbe(lab.client, internet[version], { timeoutMs: 100 })
      await udpProbe(lab.client, internet[version], around)
      expect(inner.count({ destination: internet[version] })).toBeGreaterThan(0)
    }
    expect(uplink.count({ destinationPort: 7 })).toBe(0)
  }
  await machine.destroy(tunnel)
  // The control of all captures: without a tunnel the same probe is seen.
  using uplink = capture(lab.router, labLinks.routerToClient)
  expect(await udpProbe(lab.client, internet.v4)).toBe(client.v4)
  expect(uplink.count({ destinationPort: 7 })).toBeGreaterThan(0)
})

test('two tunnels with lists that share applications are mended to what they were', async () => {
  const words = (name: string, address: string): ConfigInWords => ({
    addresses: [address],
    more: { vpnId: name, trustedApplications: ['com.example.one'] },
  })
  const first = await machine.create(words('first', '10.8.0.5/24'), { interfaceName: 'multitun-vpn1' })
  const second = await machine.create(words('second', '10.9.0.5/24'), {
    slot: 1,
    interfaceName: 'multitun-vpn2',
  })
  const whole = machine.snapshot()
  flushNft(lab.client)
  ip('rule', 'flush', 'protocol', '118')
  mend(first, second)
  expect(diffSnapshots(whole, machine.snapshot())).toEqual([])
})

test('changes of others to the guard are heard, those of this process and to other tables are not', async () => {
  let heard = 0
  using _watch = lab.client.run(() => watchGuard(machine.settings, () => void (heard += 1)))
  const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50))
  const tunnel = await machine.create(dual)
  lab.client.run(() => execFileSync('nft', ['add table inet foreign']))
  await turn()
  expect(heard).toBe(0)
  lab.client.run(() => execFileSync('nft', ['flush chain inet vpnext output']))
  await expect.poll(() => heard).toBe(1)
  lab.client.run(() => execFileSync('nft', ['flush', 'ruleset']))
  await expect.poll(() => heard).toBe(2)
  mend(tunnel)
  await machine.destroy(tunnel)
  await turn()
  expect(heard).toBe(2)
})

test('an interface that is gone is not made again, and its traffic stays in', async () => {
  const tunnel = await machine.create(dual)
  ip('link', 'delete', 'vpn-tun')
  flushNft(lab.client)
  mend(tunnel)
  using netlink = lab.client.run(() => Rtnetlink.open())
  expect(netlink.links().some(({ name }) => name === 'vpn-tun')).toBe(false)
  expect(await udpProbe(lab.client, internet.v4, { connect: true })).toBe('EHOSTUNREACH')
})
