import { Rtnetlink, openTun, unshare } from '@vpnext/native'
import { beforeAll, expect, test } from 'vitest'
import { LogBook } from '../logs/log-book.ts'
import { watchTunnelLinks } from './link-watch.ts'
import type { TunnelEntry } from './tunnel-entry.ts'

beforeAll(() => unshare({ network: true }))

test('the news that an interface went does not end the tunnel that has its name now', async () => {
  const ended: TunnelEntry[] = []
  const entries: TunnelEntry[] = []
  const logs = new LogBook(() => undefined)
  const end = (entry: TunnelEntry): Promise<void> => Promise.resolve(void ended.push(entry))
  using _watch = watchTunnelLinks({ list: () => entries, end }, logs)
  using netlink = Rtnetlink.open()

  const make = (): Disposable => {
    const { fd, name } = openTun({ name: 'vpn-tun', blocking: false, vnetHeader: false })
    entries.splice(0, 1, upEntry(name, netlink.linkIndex(name)))
    return fd
  }
  // All in one turn of the event loop, so that the news of the first are read when the second stands.
  using _first = make()
  netlink.apply([{ op: 'deleteLink', name: 'vpn-tun' }])
  using _second = make()
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(ended).toEqual([])

  netlink.apply([{ op: 'deleteLink', name: 'vpn-tun' }])
  await expect.poll(() => ended).toEqual(entries)
})

function upEntry(interfaceName: string, interfaceIndex: number): TunnelEntry {
  return {
    interfaceName,
    vpnId: '',
    run: { target: { bundle: { bundleName: 'com.example.vpn', ownerUid: 0 } }, process: undefined },
    state: { kind: 'up', tunnel: { interfaceIndex }, createdAt: 0 },
  } as unknown as TunnelEntry
}
