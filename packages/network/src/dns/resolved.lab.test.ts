import { symlinkSync } from 'node:fs'
import { type Lab, labAddresses, labHostName, labLinks } from '@vpnext/lab'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { removeFile } from '@vpnext/native'
import { type AppProgram, startProgram } from '../../test/app-program.ts'
import { carry } from '../../test/carrier.ts'
import { machineIn, type Machine } from '../../test/lab-tunnel.ts'
import { type ResolvedDaemon, startResolved } from '../../test/resolved-daemon.ts'
import { useLab } from '../../test/use-lab.ts'
import { chooseDnsBackend, diffSnapshots } from '../index.ts'
import type { DnsLinkUndo } from '../plan/step.ts'
import { type DnsTestBed, dnsComplianceCases } from './compliance.ts'
import { resolvedBackend } from './resolved.ts'

const STUB = '127.0.0.53'
const { router, tunnelGateway } = labAddresses
let lab: Lab
let daemon: ResolvedDaemon
let machine: Machine
let program: AppProgram

useLab(
  (made) => (lab = made),
  () => daemon?.[Symbol.dispose](),
)
beforeAll(async () => {
  daemon = await startResolved(lab.client)
  daemon.ask('dns', labLinks.client, router.v4)
  program = await startProgram(lab.client, [])
})
beforeEach(() => {
  machine = machineIn(lab, { instance: `resolved-${process.pid}`, resolvectl: daemon.resolvectl })
  const { resolvConf } = machine.settings
  removeFile(resolvConf)
  symlinkSync('/run/systemd/resolve/stub-resolv.conf', resolvConf)
})
afterEach(() => machine[Symbol.asyncDispose]())

describe('what every backend must do', () => {
  beforeEach(() => {
    using netlink = lab.client.rtnetlink()
    netlink.apply([{ op: 'addLink', kind: 'bridge', name: 'd0' }])
    const index = lab.client.linkIndex('d0')
    netlink.apply([{ op: 'setLink', index, up: true }])
  })
  afterEach(() => {
    using netlink = lab.client.rtnetlink()
    netlink.apply([{ op: 'deleteLink', name: 'd0' }])
  })
  test.each(dnsComplianceCases)('$name', (each) => each.run(testBed()))
})

function testBed(): DnsTestBed<DnsLinkUndo> {
  const { client } = lab
  const ask = (verb: string): string => daemon.ask(verb, 'd0').trim()
  return {
    backend: {
      name: 'resolved',
      capture: (dns, others) => client.run(() => resolvedBackend.capture(dns, others)),
      apply: (dns, captured) => client.run(() => resolvedBackend.apply(dns, captured)),
      restore: (undo, others) => client.run(() => resolvedBackend.restore(undo, others)),
    },
    target: { path: '/nonexistent', interfaceName: 'd0', resolvectl: daemon.resolvectl },
    state: () => ['dns', 'domain', 'default-route'].map(ask).join('\n'),
    servers: () =>
      ask('dns')
        .replace(/^.*?: ?/, '')
        .split(' ')
        .filter((server) => server !== ''),
    interfere: () => daemon.ask('dns', 'd0', '198.51.100.1'),
  }
}

test('it is chosen where resolv.conf leads to it and it answers', () => {
  const { settings } = machine
  expect(chooseDnsBackend(settings)).toBe('resolved')
  expect(chooseDnsBackend({ ...settings, resolvectl: '/nonexistent' })).toBe('resolv.conf')
  expect(chooseDnsBackend({ ...settings, resolvConf: '/nonexistent' })).toBe('resolv.conf')
})

test('names are asked at the tunnel while it is up, and where they were before when it is gone', async () => {
  const asked = (): number[] => [lab.tunnelDns, lab.uplinkDns].map(({ queries }) => queries.length)
  const ask = async (): Promise<unknown> => {
    daemon.ask('flush-caches')
    const start = asked()
    const answer = await program.resolve(STUB)
    return [answer, ...asked().map((count, index) => Math.sign(count - start[index]!))]
  }
  expect(await ask()).toEqual([STUB, 0, 1])
  const empty = machine.snapshot()
  const tunnel = await machine.create({
    addresses: ['10.8.0.5/24', 'fd08::5/64'],
    more: { dnsAddresses: [tunnelGateway.v4], searchDomains: ['lab.test'] },
  })
  expect(machine.snapshot().resolvConf).toEqual(empty.resolvConf)
  const carrier = carry(lab, tunnel.handOver(), machine.settings.protectMark)
  expect(await ask()).toEqual([STUB, 1, 0])
  expect(daemon.ask('query', labHostName.split('.')[0]!)).toContain(labAddresses.internet.v4)
  await carrier[Symbol.asyncDispose]()
  await machine.destroy(tunnel)
  expect(await ask()).toEqual([STUB, 0, 1])
  expect(diffSnapshots(empty, machine.snapshot())).toEqual([])
})

test('what it was told goes with the interface, so a crash leaves nothing', async () => {
  const tunnel = await machine.create({ more: { dnsAddresses: [tunnelGateway.v4] } })
  expect(daemon.ask('dns')).toContain('vpn-tun')
  tunnel.fd.close()
  await expect.poll(() => daemon.ask('dns'), { timeout: 10_000 }).not.toContain('vpn-tun')
})
