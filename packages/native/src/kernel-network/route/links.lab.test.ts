import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { openFds } from '../../fd.ts'
import type { Fd } from '../../fd.ts'
import { createNetworkNamespace, withNetworkNamespace } from '../../namespace.ts'
import { Rtnetlink } from './rtnetlink.ts'

let namespace: Fd
let netlink: Rtnetlink

beforeEach(() => {
  namespace = createNetworkNamespace()
  netlink = withNetworkNamespace(namespace, () => Rtnetlink.open())
})

afterEach(() => {
  netlink[Symbol.dispose]()
  namespace.close()
  assert.equal(openFds(), 0)
})

/** What iproute2 says of a link. */
interface IpLink {
  readonly ifindex: number
  readonly ifname: string
  readonly mtu: number
  readonly flags: readonly string[]
  readonly address: string
  readonly master?: string
  readonly inet6_addr_gen_mode?: string
  readonly linkinfo?: { readonly info_kind?: string }
}

function ipLinks(inside: Fd = namespace): IpLink[] {
  const text = withNetworkNamespace(inside, () =>
    execFileSync('ip', ['-json', '-details', 'link'], { encoding: 'utf8' }),
  )
  return JSON.parse(text)
}

function indexOf(name: string): number {
  const link = netlink.links().find((one) => one.name === name)
  if (link === undefined) throw new Error(`no link ${name}`)
  return link.index
}

test('a veth pair is born with its properties, one end in another namespace', () => {
  using other = createNetworkNamespace()
  netlink.apply([
    {
      op: 'addLink',
      kind: 'veth',
      name: 'near',
      mtu: 1400,
      address: '02:00:00:00:00:01',
      peer: { name: 'far', mtu: 1300, address: '02:00:00:00:00:02', netnsFd: other.number },
    },
  ])
  expect(ipLinks().find(({ ifname }) => ifname === 'near')).toMatchObject({
    mtu: 1400,
    address: '02:00:00:00:00:01',
    linkinfo: { info_kind: 'veth' },
  })
  expect(ipLinks().map(({ ifname }) => ifname)).not.toContain('far')
  const far = ipLinks(other).find(({ ifname }) => ifname === 'far')
  expect(far).toMatchObject({ mtu: 1300, address: '02:00:00:00:00:02' })
  expect(netlink.links().find(({ name }) => name === 'near')?.linkIndex).toBe(far?.ifindex)
})

test('links are told as iproute2 tells them', () => {
  netlink.apply([
    { op: 'addLink', kind: 'bridge', name: 'br0', up: true },
    { op: 'addLink', kind: 'veth', name: 'a', peer: { name: 'b' } },
  ])
  netlink.apply([{ op: 'setLink', index: indexOf('a'), master: indexOf('br0'), up: true }])
  const links = netlink.links()
  const nameOf = new Map(links.map(({ index, name }) => [index, name]))
  const ours = links.map((link) => ({
    ifindex: link.index,
    ifname: link.name,
    mtu: link.mtu,
    address: link.address,
    up: link.up,
    running: link.running,
    master: link.master === undefined ? undefined : nameOf.get(link.master),
    kind: link.kind,
    generation: link.addressGeneration,
  }))
  expect(ours).toEqual(
    ipLinks().map((link) => ({
      ifindex: link.ifindex,
      ifname: link.ifname,
      mtu: link.mtu,
      address: link.address,
      up: link.flags.includes('UP'),
      running: link.flags.includes('LOWER_UP'),
      master: link.master,
      kind: link.linkinfo?.info_kind,
      generation: link.inet6_addr_gen_mode,
    })),
  )
})

test('a link is changed: name, MTU, state, address generation, namespace', () => {
  using other = createNetworkNamespace()
  netlink.apply([{ op: 'addLink', kind: 'bridge', name: 'br0' }])
  const index = indexOf('br0')
  netlink.apply([{ op: 'setLink', index, name: 'renamed', mtu: 1280, addrGenModeNone: true, up: true }])
  expect(ipLinks().find(({ ifname }) => ifname === 'renamed')).toMatchObject({
    mtu: 1280,
    inet6_addr_gen_mode: 'none',
    flags: expect.arrayContaining(['UP']),
  })
  netlink.apply([{ op: 'setLink', index, up: false }])
  expect(netlink.links().find((link) => link.index === index)?.up).toBe(false)
  netlink.apply([{ op: 'addLink', kind: 'veth', name: 'goes', peer: { name: 'stays' } }])
  netlink.apply([{ op: 'setLink', index: indexOf('goes'), netnsFd: other.number, name: 'gone' }])
  expect(ipLinks(other).map(({ ifname }) => ifname)).toContain('gone')
  expect(ipLinks().map(({ ifname }) => ifname)).toEqual(expect.arrayContaining(['stays', 'renamed']))
})

test('a link is deleted by index or by name', () => {
  netlink.apply([
    { op: 'addLink', kind: 'bridge', name: 'one' },
    { op: 'addLink', kind: 'bridge', name: 'two' },
  ])
  netlink.apply([
    { op: 'deleteLink', name: 'one' },
    { op: 'deleteLink', index: indexOf('two') },
  ])
  expect(ipLinks().map(({ ifname }) => ifname)).toEqual(['lo'])
})

test('a link that goes up with addrGenModeNone never has a link-local address', () => {
  netlink.apply([
    { op: 'addLink', kind: 'bridge', name: 'quiet' },
    { op: 'addLink', kind: 'bridge', name: 'usual' },
  ])
  netlink.apply([
    { op: 'setLink', index: indexOf('quiet'), up: true, addrGenModeNone: true },
    { op: 'setLink', index: indexOf('usual'), up: true },
  ])
  expect(ipLinks().filter(({ flags }) => flags.includes('UP'))).toHaveLength(2)
  expect(netlink.addresses().map(({ index }) => index)).toEqual([indexOf('usual')])
})

test('counters count as iproute2 counts them', () => {
  netlink.apply([{ op: 'setLink', index: 1, up: true }])
  expect(netlink.links()[0]?.statistics).toMatchObject({ txPackets: 0, rxBytes: 0 })
  withNetworkNamespace(namespace, () => execFileSync('bash', ['-c', 'echo hello > /dev/udp/127.0.0.1/9']))
  const text = withNetworkNamespace(namespace, () =>
    execFileSync('ip', ['-json', '-s', 'link', 'show', 'lo'], { encoding: 'utf8' }),
  )
  const told: {
    stats64: Record<'rx' | 'tx', { bytes: number; packets: number; dropped: number }>
  }[] = JSON.parse(text)
  const { rx, tx } = told[0]?.stats64 ?? {}
  expect(tx?.packets).toBeGreaterThan(0)
  expect(netlink.links()[0]?.statistics).toEqual({
    rxPackets: rx?.packets,
    txPackets: tx?.packets,
    rxBytes: rx?.bytes,
    txBytes: tx?.bytes,
    rxDropped: rx?.dropped,
    txDropped: tx?.dropped,
  })
})

test('a link is found by its name alone, in the namespace of the socket', () => {
  netlink.apply([{ op: 'addLink', kind: 'bridge', name: 'quite-a-long-nm' }])
  expect(netlink.linkIndex('quite-a-long-nm')).toBe(
    ipLinks().find(({ ifname }) => ifname === 'quite-a-long-nm')?.ifindex,
  )
  expect(() => netlink.linkIndex('none')).toThrow(expect.objectContaining({ code: 'ENODEV' }))
  expect(() => netlink.linkIndex('one-byte-too-big')).toThrow(RangeError)
})
