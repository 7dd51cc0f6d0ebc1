import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { openFds } from '../../fd.ts'
import type { Fd } from '../../fd.ts'
import {
  createNetworkNamespace,
  currentUserNamespaceIsInitial,
  withNetworkNamespace,
} from '../../namespace.ts'
import type { IpFamily, RtRule } from './objects.ts'
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

function ipRules(family: IpFamily): Record<string, unknown>[] {
  const text = withNetworkNamespace(namespace, () =>
    execFileSync('ip', [`-${family}`, '-json', '-details', 'rule'], { encoding: 'utf8' }),
  )
  return JSON.parse(text)
}

/** A range must be of users that the user namespace has: in one made without privilege that is 0 alone. */
const uids = currentUserNamespaceIsInitial() ? { from: 1000, to: 1999 } : { from: 0, to: 0 }

function specs(family: IpFamily): RtRule[] {
  return [
    {
      family,
      priority: 9000,
      action: 'lookup',
      table: 52001,
      iif: 'lo',
      mark: 0,
      mask: 0x0100_0000,
      protocol: 118,
    },
    {
      family,
      priority: 9001,
      action: 'lookup',
      table: 52001,
      mark: 0x0200_0000,
      mask: 0x3f00_0000,
      protocol: 118,
    },
    { family, priority: 9002, action: 'lookup', table: 254, suppressPrefixLength: 0, protocol: 118 },
    {
      family,
      priority: 9003,
      action: 'lookup',
      table: 52002,
      uidRange: uids,
      protocol: 118,
    },
    {
      family,
      priority: 9004,
      action: 'lookup',
      table: 52001,
      ipProto: 17,
      dport: { from: 53, to: 53 },
      protocol: 118,
    },
    {
      family,
      priority: 9005,
      action: 'lookup',
      table: 52001,
      ipProto: 6,
      sport: { from: 100, to: 200 },
      protocol: 118,
    },
    { family, priority: 9006, action: 'unreachable', oif: 'vpn-tun', protocol: 118 },
    { family, priority: 9007, action: 'prohibit', iif: 'lo', uidRange: { from: 0, to: 0 }, protocol: 118 },
    { family, priority: 9008, action: 'blackhole', mark: 1, mask: 0xffff_ffff, protocol: 118 },
    { family, priority: 9009, action: 'goto', target: 32766, invert: true, iif: 'lo', protocol: 118 },
    {
      family,
      priority: 9010,
      action: 'lookup',
      table: 200,
      from: family === 4 ? '10.0.0.0/8' : 'fd00::/8',
      to: family === 4 ? '10.1.2.3/32' : 'fd00::1/128',
      protocol: 118,
    },
  ]
}

/** The parts of iproute2's answer that name one thing each, in our words. */
function fromIp(rule: Record<string, unknown>): object {
  const number = (key: string): number | undefined =>
    rule[key] === undefined ? undefined : Number(rule[key])
  return {
    priority: number('priority'),
    action: rule['goto'] === undefined ? (rule['action'] ?? 'lookup') : 'goto',
    table: rule['table'] === 'main' ? 254 : number('table'),
    target: number('goto'),
    mark: number('fwmark'),
    mask: rule['fwmark'] === undefined ? undefined : (number('fwmask') ?? 0xffff_ffff),
    iif: rule['iif'],
    oif: rule['oif'],
    uids: rule['uid_start'] === undefined ? undefined : [number('uid_start'), number('uid_end')],
    suppressPrefixLength: number('suppress_prefixlen'),
    protocol: number('protocol'),
  }
}

function inIpWords(rule: RtRule): object {
  return {
    priority: rule.priority,
    action: rule.action,
    table: rule.table,
    target: rule.target,
    mark: rule.mark,
    mask: rule.mask,
    iif: rule.iif,
    oif: rule.oif,
    uids: rule.uidRange === undefined ? undefined : [rule.uidRange.from, rule.uidRange.to],
    suppressPrefixLength: rule.suppressPrefixLength,
    protocol: rule.protocol,
  }
}

test.each([4, 6] as const)('IPv%d rules are made as asked, and told as iproute2 tells them', (family) => {
  const kernelMade = netlink.rules()
  netlink.apply(specs(family).map((rule) => ({ op: 'addRule', rule })))
  const ours = netlink.rules().filter((rule) => rule.family === family && rule.protocol === 118)
  expect(ours).toEqual(specs(family))
  const told = ipRules(family).filter((rule) => rule['protocol'] === '118')
  expect(ours.map(inIpWords)).toEqual(told.map(fromIp))
  netlink.apply(ours.map((rule) => ({ op: 'deleteRule', rule })))
  expect(netlink.rules()).toEqual(kernelMade)
})

test('a rule for one port is told as a range', () => {
  netlink.apply([
    { op: 'addRule', rule: { family: 4, priority: 1, action: 'lookup', table: 7, ipProto: 6, dport: 53 } },
  ])
  expect(netlink.rules().find(({ priority }) => priority === 1)?.dport).toEqual({ from: 53, to: 53 })
  expect(ipRules(4).find(({ priority }) => priority === 1)).toMatchObject({ dport: 53, ipproto: 'tcp' })
})

test('an equal rule is refused, and one that is missing is not found', () => {
  const rule: RtRule = { family: 6, priority: 9000, action: 'lookup', table: 52001, protocol: 118 }
  netlink.apply([{ op: 'addRule', rule }])
  expect(() => netlink.apply([{ op: 'addRule', rule }])).toThrow(expect.objectContaining({ code: 'EEXIST' }))
  netlink.apply([{ op: 'deleteRule', rule }])
  expect(() => netlink.apply([{ op: 'deleteRule', rule }])).toThrow(
    expect.objectContaining({ code: 'ENOENT' }),
  )
})
