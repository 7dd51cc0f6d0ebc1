import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openFds } from '@vpnext/native'

import { labAddresses, labLinks } from './addresses.ts'
import { capture } from './capture.ts'
import { linkDown } from './faults.ts'
import { closeUdp, udpSocketInside } from './inside-socket.ts'
import { createLab } from './lab.ts'
import type { Lab } from './lab.ts'
import { tcpProbe, udpProbe } from './probe.ts'

let lab: Lab
beforeAll(async () => {
  lab = await createLab()
})
afterAll(async () => {
  await lab[Symbol.asyncDispose]()
})

describe('capture', () => {
  test('loses nothing of a burst, although nobody reads meanwhile', async () => {
    const packets = 20_000
    const udp = udpSocketInside(lab.client, labAddresses.client.v4, 0)
    using arrived = capture(lab.internet, labLinks.internet)
    // The receive watch of the capture cannot run before this loop is done: sends are tried at once.
    let sent = 0
    for (let count = 0; count < packets; count++) {
      udp.send('burst', 9, labAddresses.internet.v4, (error) => {
        if (error === null) sent++
      })
    }
    await expect.poll(() => sent, { timeout: 10_000 }).toBe(packets)
    await closeUdp(udp)
    const mine = { protocol: 'udp', destinationPort: 9, direction: 'in' } as const
    await expect.poll(() => arrived.count(mine), { timeout: 10_000 }).toBe(packets)
    arrived.stop()
    expect(arrived.count(mine)).toBe(packets)
  })

  test('describes packets of both families, with direction, ports and length', async () => {
    using uplink = capture(lab.router, labLinks.routerToClient)
    await udpProbe(lab.client, labAddresses.internet.v6)
    await tcpProbe(lab.client, labAddresses.internet.v4)
    expect(uplink.packets[0]).toMatchObject({
      direction: 'in',
      family: 6,
      protocol: 'udp',
      source: labAddresses.client.v6,
      destination: labAddresses.internet.v6,
      destinationPort: 7,
      fragment: false,
      length: 40 + 8 + 1,
    })
    expect(uplink.count({ family: 4, protocol: 'tcp', sourcePort: 7, direction: 'out' })).toBeGreaterThan(0)
    expect(uplink.count((packet) => packet.length > 40)).toBeGreaterThan(0)
    expect(uplink.describe()).toContain(`> ${labAddresses.internet.v6} 7 length 49`)
  })

  test('waits for a packet of the past or of the future', async () => {
    using uplink = capture(lab.router, labLinks.routerToClient)
    const waiting = uplink.waitFor({ protocol: 'udp', sourcePort: 7 })
    await udpProbe(lab.client, labAddresses.internet.v4)
    expect(await waiting).toMatchObject({ direction: 'out' })
    expect(await uplink.waitFor({ protocol: 'udp', sourcePort: 7 })).toBe(await waiting)
  })

  test('tells what it saw when the packet does not come', async () => {
    using uplink = capture(lab.router, labLinks.routerToClient)
    await udpProbe(lab.client, labAddresses.internet.v4)
    await expect(uplink.waitFor({ protocol: 'sctp' }, { timeoutMs: 20 })).rejects.toThrow(
      /no such packet[^]*udp 10\.77\.1\.2/,
    )
    const signal = AbortSignal.timeout(20)
    await expect(uplink.waitFor({ protocol: 'sctp' }, { signal })).rejects.toThrow(/timeout/)
  })

  test('goes on after the link was down, and counts that', async () => {
    using uplink = capture(lab.client, labLinks.client)
    linkDown(lab.client, labLinks.client)[Symbol.dispose]()
    expect(await udpProbe(lab.client, labAddresses.internet.v4, { timeoutMs: 10_000 })).toBe(
      labAddresses.client.v4,
    )
    expect(uplink.count({ protocol: 'udp' })).toBe(2)
    expect(uplink.downs).toBe(1)
  })

  test('gives its descriptor back; what it saw remains', async () => {
    const before = openFds()
    const uplink = capture(lab.router, labLinks.routerToClient)
    expect(openFds()).toBe(before + 1)
    await udpProbe(lab.client, labAddresses.internet.v4)
    uplink.stop()
    uplink.stop()
    expect(openFds()).toBe(before)
    expect(uplink.count({ protocol: 'udp' })).toBe(2)
  })
})
