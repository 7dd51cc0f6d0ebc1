import { afterAll, beforeAll, expect, test } from 'vitest'

import { listNftText, runNft } from '@vpnext/native'

import { labAddresses, labLinks } from './addresses.ts'
import { capture } from './capture.ts'
import { addRoute, deleteRule, dropLargerThan, flushNft, linkDown } from './faults.ts'
import { closeUdp, udpSocketInside } from './inside-socket.ts'
import { createLab } from './lab.ts'
import type { Lab } from './lab.ts'
import { udpProbe } from './probe.ts'

let lab: Lab
beforeAll(async () => {
  lab = await createLab()
})
afterAll(async () => {
  await lab[Symbol.asyncDispose]()
})

test.each(['v4', 'v6'] as const)(
  'a link goes down and comes back with its routes (IP%s)',
  async (version) => {
    const target = labAddresses.internet[version]
    const down = linkDown(lab.client, labLinks.client)
    expect(await udpProbe(lab.client, target)).toBe('ENETUNREACH')
    down[Symbol.dispose]()
    expect(await udpProbe(lab.client, target, { timeoutMs: 10_000 })).toBe(labAddresses.client[version])
  },
)

test('a route leads traffic astray until it is removed', async () => {
  const index = lab.client.linkIndex('lo')
  const route = { family: 4, destination: '128.0.0.0/1', table: 254, type: 'unicast', index } as const
  {
    using astray = addRoute(lab.client, route)
    expect(astray).toBeDefined()
    using loopback = capture(lab.client, 'lo')
    await udpProbe(lab.client, labAddresses.internet.v4, { timeoutMs: 50 })
    expect(loopback.count({ destination: labAddresses.internet.v4 })).toBeGreaterThan(0)
  }
  expect(await udpProbe(lab.client, labAddresses.internet.v4)).toBe(labAddresses.client.v4)
})

test('a rule disappears', async () => {
  const rule = { family: 4, priority: 50, action: 'unreachable' } as const
  using rtnetlink = lab.client.rtnetlink()
  rtnetlink.apply([{ op: 'addRule', rule }])
  expect(await udpProbe(lab.client, labAddresses.internet.v4)).toBe('ENETUNREACH')
  deleteRule(lab.client, rule)
  expect(await udpProbe(lab.client, labAddresses.internet.v4)).toBe(labAddresses.client.v4)
  expect(() => deleteRule(lab.client, rule)).toThrow(/ENOENT/)
})

test('a packet filter is emptied', () => {
  lab.client.run(() => runNft('add table inet somebody'))
  expect(lab.client.run(() => listNftText())).toContain('table inet somebody')
  flushNft(lab.client)
  expect(lab.client.run(() => listNftText())).toBe('')
})

test('large datagrams vanish, small ones pass', async () => {
  const udp = udpSocketInside(lab.client, labAddresses.client.v4, 0)
  using arrived = capture(lab.internet, labLinks.internet)
  const send = (bytes: number): Promise<void> =>
    new Promise((done) => {
      udp.send(Buffer.alloc(bytes), 9, labAddresses.internet.v4, () => done())
    })
  {
    using narrow = dropLargerThan(lab.router, 1000)
    expect(narrow).toBeDefined()
    await send(1001 - 28)
    await send(1000 - 28)
    await arrived.waitFor({ length: 1000, direction: 'in' })
    expect(arrived.count({ length: 1001 })).toBe(0)
  }
  await send(1001 - 28)
  await arrived.waitFor({ length: 1001, direction: 'in' })
  await closeUdp(udp)
})
