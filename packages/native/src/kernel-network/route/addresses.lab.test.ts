import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { openFds } from '../../fd.ts'
import type { Fd } from '../../fd.ts'
import { createNetworkNamespace, withNetworkNamespace } from '../../namespace.ts'
import type { AddAddress } from './request.ts'
import { Rtnetlink } from './rtnetlink.ts'

let namespace: Fd
let netlink: Rtnetlink
let index: number

beforeEach(() => {
  namespace = createNetworkNamespace()
  netlink = withNetworkNamespace(namespace, () => Rtnetlink.open())
  netlink.apply([{ op: 'addLink', kind: 'bridge', name: 'br0' }])
  index = netlink.links().find(({ name }) => name === 'br0')?.index ?? 0
  netlink.apply([{ op: 'setLink', index, addrGenModeNone: true, up: true }])
})

afterEach(() => {
  netlink[Symbol.dispose]()
  namespace.close()
  assert.equal(openFds(), 0)
})

interface IpAddress {
  readonly family: string
  readonly local: string
  readonly address?: string
  readonly prefixlen: number
  readonly noprefixroute?: boolean
  readonly nodad?: boolean
  readonly tentative?: boolean
}

function ipAddresses(): IpAddress[] {
  const text = withNetworkNamespace(namespace, () =>
    execFileSync('ip', ['-json', 'address', 'show', 'dev', 'br0'], { encoding: 'utf8' }),
  )
  const links: { addr_info?: IpAddress[] }[] = JSON.parse(text)
  return links.flatMap((link) => link.addr_info ?? [])
}

test('addresses are added with their flags, and told as iproute2 tells them', () => {
  netlink.apply([
    { op: 'addAddress', index, address: '10.8.0.5', prefixLength: 24 },
    { op: 'addAddress', index, address: '10.9.0.5', prefixLength: 32, noPrefixRoute: true },
    { op: 'addAddress', index, address: '10.10.0.1', peer: '10.10.0.2', prefixLength: 32 },
    { op: 'addAddress', index, address: 'fd08::5', prefixLength: 64, noDad: true, noPrefixRoute: true },
    { op: 'addAddress', index, address: 'fd09::5', prefixLength: 128 },
  ])
  const told = ipAddresses()
  expect(told.find(({ local }) => local === 'fd08::5')).toMatchObject({ nodad: true, noprefixroute: true })
  expect(told.find(({ local }) => local === '10.8.0.5')?.noprefixroute).toBeUndefined()
  const ours = netlink.addresses().filter((address) => address.index === index)
  expect(
    ours.map(({ family, address, peer, prefixLength, noPrefixRoute, tentative }) => ({
      family: family === 4 ? 'inet' : 'inet6',
      local: address,
      address: peer,
      prefixlen: prefixLength,
      noprefixroute: noPrefixRoute || undefined,
      tentative: tentative || undefined,
    })),
  ).toEqual(
    told.map(({ family, local, address, prefixlen, noprefixroute, tentative }) => ({
      family,
      local,
      address,
      prefixlen,
      noprefixroute,
      tentative,
    })),
  )
  const routes = netlink.routes().filter(({ table }) => table === 254)
  expect(routes.map(({ destination }) => destination)).toEqual(
    expect.arrayContaining(['10.8.0.0/24', '10.10.0.2/32', 'fd09::5/128']),
  )
  expect(routes.map(({ destination }) => destination)).not.toContain('fd08::/64')
})

test('an address that is there or is not there is a clear error', () => {
  const address: AddAddress = { op: 'addAddress', index, address: '10.8.0.5', prefixLength: 24 }
  netlink.apply([address])
  expect(() => netlink.apply([address])).toThrow(expect.objectContaining({ code: 'EEXIST', index: 0 }))
  netlink.apply([{ ...address, op: 'deleteAddress' }])
  expect(() => netlink.apply([{ ...address, op: 'deleteAddress' }])).toThrow(
    expect.objectContaining({ code: 'EADDRNOTAVAIL' }),
  )
  expect(ipAddresses()).toEqual([])
})

test.each([4, 6] as const)('two thousand IPv%d addresses come and go', (family) => {
  const requests = Array.from({ length: 2000 }, (_, number): AddAddress => {
    const address =
      family === 4 ? `10.${number >> 8}.${number & 255}.1` : `fd00::${(number + 1).toString(16)}`
    return {
      op: 'addAddress',
      index,
      address,
      prefixLength: family === 4 ? 32 : 128,
      noPrefixRoute: true,
      noDad: true,
    }
  })
  netlink.apply(requests)
  const wanted = requests.map(({ address }) => address).toSorted()
  expect(
    ipAddresses()
      .map(({ local }) => local)
      .toSorted(),
  ).toEqual(wanted)
  const ours = netlink.addresses().filter((address) => address.index === index)
  expect(ours.map(({ address }) => address).toSorted()).toEqual(wanted)
  netlink.apply(requests.map((request) => ({ ...request, op: 'deleteAddress' })))
  expect(ipAddresses()).toEqual([])
})
