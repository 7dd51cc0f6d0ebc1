import { existsSync } from 'node:fs'
import { capture, flushNft, type Lab, labAddresses, labLinks } from '@vpnext/lab'
import { cgroup2Mount, setSysctl } from '@vpnext/native'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type AppProgram, startProgram } from '../test/app-program.ts'
import { carry } from '../test/carrier.ts'
import { inCgroup } from '../test/identity-bed.ts'
import type { Machine } from '../test/lab-tunnel.ts'
import type { ConfigInWords } from '../test/sample-plan.ts'
import { useLab, useMachine } from '../test/use-lab.ts'
import { diffSnapshots, ensureApplicationCgroup, removeIdleCgroups, type Tunnel } from './index.ts'

const { internet, client, gateway, tunnelClient } = labAddresses
const versions = ['v4', 'v6'] as const
const protocols = ['tcp', 'udp'] as const
const root = cgroup2Mount()!
const instance = `apps-${process.pid}`
const dual: ConfigInWords = { addresses: ['10.8.0.5/24', 'fd08::5/64'] }
const trusted = { ...dual, more: { trustedApplications: ['com.example.one'] } }
const blocked = { ...dual, more: { blockedApplications: ['com.example.one'] } }
const quick = { timeoutMs: 400 }
const user = { scope: { kind: 'user', uid: 4242 } } as const

let lab: Lab
let machine: Machine
let tunnel: Tunnel | undefined

useLab(
  (made) => (lab = made),
  () => removeIdleCgroups({ root, settings: machine.settings }),
)
useMachine(
  () => lab,
  (made) => (machine = made),
  { instance },
  { installed: ['com.example.one', 'com.example.two'] },
)
beforeAll(() => {
  // Answers ARP for everybody, as a hostile access point does: what leaves the client arrives.
  lab.router.run(() => setSysctl('net.ipv4.conf.all.proxy_arp', 1))
})
afterEach(() => {
  tunnel = undefined
})

/** Starts a program of an application in its control group; uid 0 is the test's own. */
function start(bundle: string, uid = 0): Promise<AppProgram> {
  const { settings, journal } = machine
  const path = ensureApplicationCgroup({ root, settings, journal }, { uid, bundle })
  const identity = uid === 0 ? [] : ['setpriv', '--reuid', String(uid), '--clear-groups']
  return startProgram(lab.client, inCgroup(path, ...identity))
}

/** What the far end sees of TCP and UDP, IPv4 and IPv6. */
async function seen(program: AppProgram): Promise<string[]> {
  const addresses: string[] = []
  for (const version of versions) {
    for (const protocol of protocols) {
      addresses.push(await program.attempt({ protocol, address: internet[version] }))
    }
    addresses.push(await program.attempt({ protocol: 'udp', address: internet[version], connect: true }))
  }
  return addresses
}
const throughTunnel = versions.flatMap((version) => Array.from({ length: 3 }, () => gateway[version]))
const direct = versions.flatMap((version) => Array.from({ length: 3 }, () => client[version]))

function carryIt(made: Tunnel): AsyncDisposable {
  return carry(lab, made.handOver(), machine.settings.protectMark)
}

describe('trusted applications only', () => {
  test('they are carried, others go direct, and nothing is left after', async () => {
    const [one, two] = [await start('com.example.one'), await start('com.example.two')]
    const empty = machine.snapshot()
    tunnel = await machine.create(trusted)
    expect(tunnel.plan.warnings).toEqual([])
    await using _carrier = carryIt(tunnel)
    expect(await seen(one)).toEqual(throughTunnel)
    expect(await seen(two)).toEqual(direct)
    await machine.destroy(tunnel)
    expect(await seen(one)).toEqual(direct)
    expect(diffSnapshots(empty, machine.snapshot())).toEqual([])
  })

  test.runIf(existsSync('/proc/sys/net/mptcp'))(
    'connections of theirs that the kernel makes of other connections (MPTCP) are carried',
    async () => {
      const [one, two] = [await start('com.example.one'), await start('com.example.two')]
      tunnel = await machine.create(trusted)
      await using _carrier = carryIt(tunnel)
      for (const version of versions) {
        const attempt = { protocol: 'mptcp', address: internet[version] } as const
        expect(await one.attempt(attempt)).toBe(gateway[version])
        expect(await two.attempt(attempt)).toBe(client[version])
      }
    },
  )

  test('one that is started later is carried from its first packet', async () => {
    tunnel = await machine.create(trusted)
    await using _carrier = carryIt(tunnel)
    const late = await start('com.example.one')
    expect(await late.attempt({ protocol: 'udp', address: internet.v4 })).toBe(gateway.v4)
  })

  test('nothing is carried for a bundle that nobody has, and a warning says so', async () => {
    const two = await start('com.example.two')
    tunnel = await machine.create({ ...dual, more: { trustedApplications: ['com.example.nobody'] } })
    expect(tunnel.plan.warnings.join()).toMatch(/com\.example\.nobody.*covers nobody/)
    await using _carrier = carryIt(tunnel)
    expect(await seen(two)).toEqual(direct)
  })

  test('connections of before are closed, those of others go on', async () => {
    const [one, two] = [await start('com.example.one'), await start('com.example.two')]
    for (const version of versions) {
      expect(await one.hold(internet[version])).toBe(client[version])
      expect(await two.hold(internet[version])).toBe(client[version])
      tunnel = await machine.create(trusted)
      expect([await one.held(), await two.held()]).toEqual(['ECONNABORTED', 'open'])
      await machine.destroy(tunnel)
    }
  })

  test('it works with strict source checks', async () => {
    lab.client.run(() => setSysctl('net.ipv4.conf.all.rp_filter', 1))
    const [one, two] = [await start('com.example.one'), await start('com.example.two')]
    tunnel = await machine.create(trusted)
    await using _carrier = carryIt(tunnel)
    expect(await seen(one)).toEqual(throughTunnel)
    expect(await seen(two)).toEqual(direct)
    lab.client.run(() => setSysctl('net.ipv4.conf.all.rp_filter', 0))
  })

  test('a dead tunnel carries nothing for them, and does not let them out', async () => {
    const one = await start('com.example.one')
    tunnel = await machine.create(trusted)
    using uplink = capture(lab.router, labLinks.routerToClient)
    for (const version of versions) {
      expect(await one.attempt({ protocol: 'udp', address: internet[version], ...quick })).toBe('ETIMEDOUT')
    }
    lab.client.run(() => tunnel!.fd.close())
    using netlink = lab.client.rtnetlink()
    await expect
      .poll(() => netlink.links().some(({ name }) => name === 'vpn-tun'), { timeout: 10_000 })
      .toBe(false)
    for (const version of versions) {
      expect(await one.attempt({ protocol: 'tcp', address: internet[version] })).toBe('EHOSTUNREACH')
    }
    expect(uplink.count({ destinationPort: 7 })).toBe(0)
  })
})

describe('all but blocked applications', () => {
  test('they go direct, others are carried, and nothing is left after', async () => {
    const [one, two] = [await start('com.example.one', 4242), await start('com.example.two', 4242)]
    const other = await start('com.example.two', 4243)
    const empty = machine.snapshot()
    tunnel = await machine.create(blocked, user)
    await using _carrier = carryIt(tunnel)
    expect(await seen(one)).toEqual(direct)
    expect(await seen(two)).toEqual(throughTunnel)
    expect(await seen(other)).toEqual(direct)
    await machine.destroy(tunnel)
    expect(diffSnapshots(empty, machine.snapshot())).toEqual([])
  })

  test('out of a device tunnel only what the administrator lets out', async () => {
    const [one, two] = [await start('com.example.one'), await start('com.example.two')]
    tunnel = await machine.create(blocked)
    expect(tunnel.plan.warnings.join()).toMatch(/com\.example\.one stays inside/)
    const first = carryIt(tunnel)
    expect(await seen(one)).toEqual(throughTunnel)
    await first[Symbol.asyncDispose]()
    await machine.destroy(tunnel)

    tunnel = await machine.create(blocked, { excludable: ['com.example.one'] })
    expect(tunnel.plan.warnings).toEqual([])
    await using _carrier = carryIt(tunnel)
    expect(await seen(one)).toEqual(direct)
    expect(await seen(two)).toEqual(throughTunnel)
  })

  test('it works with strict source checks', async () => {
    lab.client.run(() => setSysctl('net.ipv4.conf.all.rp_filter', 1))
    const [one, two] = [await start('com.example.one'), await start('com.example.two')]
    tunnel = await machine.create(blocked, { excludable: ['com.example.one'] })
    await using _carrier = carryIt(tunnel)
    expect(await seen(one)).toEqual(direct)
    expect(await seen(two)).toEqual(throughTunnel)
    lab.client.run(() => setSysctl('net.ipv4.conf.all.rp_filter', 0))
  })

  test('the bundle’s own host goes direct without protecting its sockets', async () => {
    const host = await startProgram(lab.client, ['setpriv', '--reuid', '20010000', '--clear-groups'])
    const own = { ...dual, more: { blockedApplications: ['com.example.vpn'] } }
    tunnel = await machine.create(dual, { hostUid: 20_010_000 })
    using uplink = capture(lab.router, labLinks.routerToClient)
    expect(await host.attempt({ protocol: 'udp', address: internet.v4, ...quick })).toBe('ETIMEDOUT')
    expect(uplink.count({ destinationPort: 7 })).toBe(0)
    await machine.destroy(tunnel)
    tunnel = await machine.create(own, { hostUid: 20_010_000 })
    expect(tunnel.plan.warnings).toEqual([])
    expect(await seen(host)).toEqual(direct)
  })
})

describe('in the scope of a user', () => {
  test('the applications of another user are none of its business', async () => {
    const [one, theirs] = [await start('com.example.one', 4242), await start('com.example.one', 4243)]
    const two = await start('com.example.two', 4242)
    tunnel = await machine.create(trusted, user)
    await using _carrier = carryIt(tunnel)
    expect(await seen(one)).toEqual(throughTunnel)
    expect(await seen(two)).toEqual(direct)
    expect(await seen(theirs)).toEqual(direct)
  })
})

describe.each(versions)('attacks (%s)', (version) => {
  const address = internet[version]
  const index = (name: string): number => lab.client.linkIndex(name)
  // IPv6 needs a route even with a device: the main table has one to the tunnel for multicast only.
  const entrance = version === 'v4' ? address : 'ff02::1'

  test('another application does not enter by SO_BINDTODEVICE (A27), IP_UNICAST_IF (A28) or the address (A31)', async () => {
    const two = await start('com.example.two')
    tunnel = await machine.create(trusted)
    using entered = capture(lab.client, 'vpn-tun')
    using uplink = capture(lab.router, labLinks.routerToClient)
    const attacks = [
      { device: 'vpn-tun', address: entrance },
      { unicastIf: index('vpn-tun'), address: entrance },
      { source: tunnelClient[version] },
      { source: tunnelClient[version], device: labLinks.client },
    ]
    const attack = async (): Promise<void> => {
      for (const way of attacks) await two.attempt({ protocol: 'udp', address, ...way, ...quick })
      for (const way of attacks) await two.attempt({ protocol: 'tcp', address, ...way, ...quick })
    }
    const count = (): number[] => [
      entered.count({ destinationPort: 7 }),
      uplink.count({ source: tunnelClient[version], destinationPort: 7 }),
    ]
    await attack()
    expect(count()).toEqual([0, 0])
    flushNft(lab.client)
    await attack()
    for (const number of count()) expect(number).toBeGreaterThan(0)
  })

  test('a listed one does not escape by SO_BINDTODEVICE (A29), IP_UNICAST_IF (A30) or fragments (A32)', async () => {
    const one = await start('com.example.one')
    tunnel = await machine.create(trusted)
    using uplink = capture(lab.router, labLinks.routerToClient)
    const attack = async (): Promise<void> => {
      for (const way of [{ device: labLinks.client }, { unicastIf: index(labLinks.client) }]) {
        for (const protocol of protocols) await one.attempt({ protocol, address, ...way, ...quick })
      }
      await one.fragment(address, labLinks.client)
    }
    await attack()
    expect(uplink.count({ destination: address })).toBe(0)
    flushNft(lab.client)
    await attack()
    for (const protocol of protocols) {
      expect(uplink.count({ destination: address, protocol, fragment: false })).toBeGreaterThan(1)
    }
    expect(uplink.count({ destination: address, fragment: true })).toBe(1)
  })

  test('a locked one may not even try', async () => {
    const one = await start('com.example.one')
    tunnel = await machine.create(trusted, { lockDevice: true })
    expect(await one.attempt({ protocol: 'udp', address, device: labLinks.client, ...quick })).toBe('EPERM')
    await machine.destroy(tunnel)
    expect(await one.attempt({ protocol: 'udp', address, device: labLinks.client })).toBe(client[version])
  })

  test('an excluded one does not enter', async () => {
    const one = await start('com.example.one')
    tunnel = await machine.create(blocked, { excludable: ['com.example.one'] })
    using entered = capture(lab.client, 'vpn-tun')
    for (const way of [{ device: 'vpn-tun' }, { unicastIf: index('vpn-tun') }]) {
      await one.attempt({ protocol: 'udp', address: entrance, ...way, ...quick })
    }
    expect(entered.count({ destinationPort: 7 })).toBe(0)
    flushNft(lab.client)
    await one.attempt({ protocol: 'udp', address: entrance, device: 'vpn-tun', ...quick })
    expect(entered.count({ destinationPort: 7 })).toBe(1)
  })
})
