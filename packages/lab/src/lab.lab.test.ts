import { once } from 'node:events'
import { describe, expect, test } from 'vitest'

import { inetSocket } from '@vpnext/native'

import { capture } from './capture.ts'
import { labAddresses, labLinks } from './addresses.ts'
import { createLab } from './lab.ts'
import type { Lab } from './lab.ts'
import { expectNothingLeft, takeInventory } from './leaks.ts'
import { Namespace } from './namespace.ts'
import { tcpProbe, udpProbe } from './probe.ts'

describe('createLab', () => {
  test.each(['v4', 'v6'] as const)(
    'connects client and internet by way of the router (IP%s)',
    async (version) => {
      await using lab: Lab = await createLab()
      using atClient = capture(lab.router, labLinks.routerToClient)
      using atInternet = capture(lab.internet, labLinks.internet)
      using atGateway = capture(lab.router, labLinks.routerToGateway)
      const target = labAddresses.internet[version]
      const source = labAddresses.client[version]

      expect(await udpProbe(lab.client, target)).toBe(source)
      expect(await tcpProbe(lab.client, target)).toBe(source)

      for (const protocol of ['udp', 'tcp']) {
        const there = { protocol, source, destination: target, destinationPort: 7 }
        expect(atClient.count({ ...there, direction: 'in' })).toBeGreaterThan(0)
        expect(atInternet.count({ ...there, direction: 'in' })).toBeGreaterThan(0)
        expect(atGateway.count({ protocol })).toBe(0)
      }
      expect(atClient.count({ protocol: 'udp' })).toBe(2)
    },
  )

  test('shows neighbours found already: no ARP and no neighbour discovery with the first packet', async () => {
    await using lab: Lab = await createLab()
    using atClient = capture(lab.router, labLinks.routerToClient)
    await udpProbe(lab.client, labAddresses.internet.v4)
    await udpProbe(lab.client, labAddresses.internet.v6)
    const udp = atClient.packets.filter((packet) => packet.protocol === 'udp')
    expect(udp.length).toBe(4)
    expect(atClient.packets[0]).toBe(udp[0])
    expect(atClient.count({ protocol: 'arp' })).toBe(0)
  })

  test('leaves no descriptor, namespace or process, ten times over', async () => {
    const before = takeInventory()
    for (let round = 0; round < 10; round++) {
      await using lab: Lab = await createLab()
      lab.client.spawn('sleep', ['1000'])
      // The positive control: it is all there now.
      const now = takeInventory()
      expect(now.networkNamespaces - before.networkNamespaces).toBe(4)
      expect(now.tunDevices - before.tunDevices).toBe(1)
      expect(now.sockets).toBeGreaterThan(before.sockets)
      expect(now.childProcesses - before.childProcesses).toBe(1)
    }
    await expectNothingLeft(before)
  })

  test('leaves nothing when it is aborted', async () => {
    const before = takeInventory()
    const controller = new AbortController()
    const creating = createLab({ signal: controller.signal })
    expect(takeInventory().networkNamespaces).toBeGreaterThan(before.networkNamespaces)
    controller.abort(new Error('enough'))
    await expect(creating).rejects.toThrow('enough')
    await expectNothingLeft(before)
  })
})

describe('Namespace', () => {
  test('programs run inside and end with it', async () => {
    const namespace = Namespace.create('test')
    const program = namespace.spawn('cat', ['/proc/self/net/dev'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const output: Buffer[] = []
    program.stdout?.on('data', (chunk: Buffer) => output.push(chunk))
    await once(program, 'close')
    // Only the loopback: the machine's own namespace has more, or other counters at least.
    expect(
      Buffer.concat(output)
        .toString()
        .match(/^ *\w+:/gm),
    ).toEqual(['    lo:'])
    const sleeper = namespace.spawn('sleep', ['1000'])
    await namespace[Symbol.asyncDispose]()
    expect(sleeper.signalCode).toBe('SIGKILL')
  })

  test('names the link that is not there', async () => {
    await using namespace = Namespace.create('test')
    expect(() => namespace.linkIndex('eth9')).toThrow('test has no link eth9')
  })
})

describe('expectNothingLeft', () => {
  test('tells what was left', async () => {
    const before = takeInventory()
    using left = inetSocket(4, 'dgram')
    await expect(expectNothingLeft(before, { timeoutMs: 20 })).rejects.toThrow(
      'left behind: 1 ownedFds, 1 sockets',
    )
    left.close()
    await expectNothingLeft(before)
  })
})
