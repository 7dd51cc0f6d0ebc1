import { writeFileSync } from 'node:fs'
import { type Lab, labAddresses } from '@vpnext/lab'
import { cgroup2Mount } from '@vpnext/native'
import { beforeEach, expect, test } from 'vitest'
import { type AppProgram, startProgram } from '../../test/app-program.ts'
import { carry } from '../../test/carrier.ts'
import { inCgroup } from '../../test/identity-bed.ts'
import type { Machine } from '../../test/lab-tunnel.ts'
import type { ConfigInWords } from '../../test/sample-plan.ts'
import { useLab, useMachine } from '../../test/use-lab.ts'
import { diffSnapshots, ensureApplicationCgroup, removeIdleCgroups, type Tunnel } from '../index.ts'

const { router, tunnelGateway } = labAddresses
const root = cgroup2Mount()!
const uid = 4242
const user = { scope: { kind: 'user', uid } } as const
const dns: ConfigInWords = {
  addresses: ['10.8.0.5/24', 'fd08::5/64'],
  more: { dnsAddresses: [tunnelGateway.v4, tunnelGateway.v6] },
}

let lab: Lab
let machine: Machine

useLab(
  (made) => (lab = made),
  () => removeIdleCgroups({ root, settings: machine.settings }),
)
useMachine(
  () => lab,
  (made) => (machine = made),
  { instance: `dns-${process.pid}` },
)
beforeEach(() => {
  writeFileSync(machine.settings.resolvConf, `nameserver ${router.v4}\nnameserver ${router.v6}\n`)
})

function start(as: number, bundle = 'com.example.one'): Promise<AppProgram> {
  const { settings, journal } = machine
  const path = ensureApplicationCgroup({ root, settings, journal }, { uid: as, bundle })
  return startProgram(lab.client, inCgroup(path, 'setpriv', '--reuid', String(as), '--clear-groups'))
}

function carryIt(made: Tunnel): AsyncDisposable {
  return carry(lab, made.handOver(), machine.settings.protectMark)
}

/** Asks all resolvers in both ways: who seems to answer, and how many questions each of the lab's resolvers got. */
async function ask(program: AppProgram, servers: readonly string[]): Promise<unknown> {
  const asked = [lab.tunnelDns.queries.length, lab.uplinkDns.queries.length] as const
  const answers: string[] = []
  for (const server of servers) {
    answers.push(await program.resolve(server), await program.resolve(server, { connect: true }))
  }
  return {
    answers,
    inTunnel: lab.tunnelDns.queries.length - asked[0],
    outside: lab.uplinkDns.queries.length - asked[1],
  }
}
const both = [router.v4, router.v6]
const fromBoth = both.flatMap((server) => [server, server])

test('questions of the user to the system’s servers go to the tunnel’s, unnoticed; those of others do not', async () => {
  const [mine, theirs] = [await start(uid), await start(4243)]
  const empty = machine.snapshot()
  const tunnel = await machine.create(dns, user)
  await using _carrier = carryIt(tunnel)
  expect(await ask(mine, both)).toEqual({ answers: fromBoth, inTunnel: 4, outside: 0 })
  expect(lab.tunnelDns.queries.slice(-4).map(({ from }) => from)).toEqual(
    ['10.8.0.5', 'fd08::5'].flatMap((own) => [own, own]),
  )
  expect(await ask(theirs, both)).toEqual({ answers: fromBoth, inTunnel: 0, outside: 4 })
  await machine.destroy(tunnel)
  expect(await ask(mine, both)).toEqual({ answers: fromBoth, inTunnel: 0, outside: 4 })
  expect(diffSnapshots(empty, machine.snapshot())).toEqual([])
})

test('a server of a family that the tunnel has no server for is refused, not asked outside', async () => {
  const mine = await start(uid)
  const tunnel = await machine.create({ ...dns, more: { dnsAddresses: [tunnelGateway.v4] } }, user)
  await using _carrier = carryIt(tunnel)
  expect(await ask(mine, both)).toEqual({
    answers: [router.v4, router.v4, 'EPERM', 'EPERM'],
    inTunnel: 2,
    outside: 0,
  })
})

test('of trusted applications only, and the system’s resolver stays as it is', async () => {
  const [one, two] = [await start(0), await start(0, 'com.example.two')]
  const { resolvConf } = machine.snapshot()
  const tunnel = await machine.create({
    ...dns,
    more: { ...dns.more, trustedApplications: ['com.example.one'] },
  })
  await using _carrier = carryIt(tunnel)
  expect(machine.snapshot().resolvConf).toEqual(resolvConf)
  expect(await ask(one, both)).toEqual({ answers: fromBoth, inTunnel: 4, outside: 0 })
  expect(await ask(two, both)).toEqual({ answers: fromBoth, inTunnel: 0, outside: 4 })
})

test('an application outside of a device tunnel asks the former servers, whatever resolv.conf says', async () => {
  const [one, two] = [await start(0), await start(0, 'com.example.two')]
  const empty = machine.snapshot()
  const tunnel = await machine.create(
    { ...dns, more: { ...dns.more, blockedApplications: ['com.example.one'] } },
    { excludable: ['com.example.one'] },
  )
  await using _carrier = carryIt(tunnel)
  const servers = [tunnelGateway.v4, tunnelGateway.v6]
  const answers = servers.flatMap((server) => [server, server])
  expect(await ask(one, servers)).toEqual({ answers, inTunnel: 0, outside: 4 })
  expect(await ask(two, servers)).toEqual({ answers, inTunnel: 4, outside: 0 })
  await machine.destroy(tunnel)
  expect(diffSnapshots(empty, machine.snapshot())).toEqual([])
})

test('an excluded application of a user asks outside', async () => {
  const [one, two] = [await start(uid), await start(uid, 'com.example.two')]
  const tunnel = await machine.create(
    { ...dns, more: { ...dns.more, blockedApplications: ['com.example.one'] } },
    user,
  )
  await using _carrier = carryIt(tunnel)
  expect(await ask(one, both)).toEqual({ answers: fromBoth, inTunnel: 0, outside: 4 })
  expect(await ask(two, both)).toEqual({ answers: fromBoth, inTunnel: 4, outside: 0 })
})

test('search domains have no effect for some only, and a warning says so', async () => {
  const tunnel = await machine.create({ ...dns, more: { searchDomains: ['corp.test'] } }, user)
  expect(tunnel.plan.warnings.join()).toMatch(/search domains/)
})

test('for an application of two tunnels with DNS the servers of one answer, and of the other when that one is gone', async () => {
  const one = await start(0)
  const words = (vpnId: string, addresses: readonly string[]): ConfigInWords => ({
    addresses,
    more: { ...dns.more, vpnId, trustedApplications: ['com.example.one'] },
  })
  const empty = machine.snapshot()
  const first = await machine.create(words('first', dns.addresses ?? []), { interfaceName: 'multitun-vpn1' })
  const second = await machine.create(words('second', ['10.8.0.6/24', 'fd08::6/64']), {
    slot: 1,
    interfaceName: 'multitun-vpn2',
  })
  await using _firstCarrier = carryIt(first)
  expect(await ask(one, both)).toEqual({ answers: fromBoth, inTunnel: 4, outside: 0 })
  await machine.destroy(second)
  expect(await ask(one, both)).toEqual({ answers: fromBoth, inTunnel: 4, outside: 0 })
  await machine.destroy(first)
  expect(await ask(one, both)).toEqual({ answers: fromBoth, inTunnel: 0, outside: 4 })
  expect(diffSnapshots(empty, machine.snapshot())).toEqual([])
})

test('when the system asks other servers, their questions go to the tunnel’s too, and those to the former do not', async () => {
  const mine = await start(uid)
  writeFileSync(machine.settings.resolvConf, `nameserver ${router.v4}\n`)
  const empty = machine.snapshot()
  const tunnel = await machine.create(dns, user)
  await using _carrier = carryIt(tunnel)
  expect(await ask(mine, [router.v4])).toMatchObject({ inTunnel: 2, outside: 0 })
  // The control: a server that is new in resolv.conf would be asked outside.
  expect(await ask(mine, [router.v6])).toMatchObject({ inTunnel: 0, outside: 2 })
  writeFileSync(machine.settings.resolvConf, `nameserver ${router.v6}\n`)
  expect(lab.client.run(() => tunnel.followResolvers())).toBe(true)
  expect(lab.client.run(() => tunnel.followResolvers())).toBe(false)
  expect(await ask(mine, [router.v6])).toMatchObject({
    answers: [router.v6, router.v6],
    inTunnel: 2,
    outside: 0,
  })
  expect(await ask(mine, [router.v4])).toMatchObject({ inTunnel: 0, outside: 2 })
  writeFileSync(machine.settings.resolvConf, `nameserver ${router.v4}\n`)
  await machine.destroy(tunnel)
  expect(diffSnapshots(empty, machine.snapshot())).toEqual([])
})
