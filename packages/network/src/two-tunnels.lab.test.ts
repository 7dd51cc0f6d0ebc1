import { execFileSync } from 'node:child_process'
import { capture, type Capture, type Lab, labAddresses, labLinks } from '@vpnext/lab'
import { readFileSync } from 'node:fs'
import { cgroup2Mount } from '@vpnext/native'
import { beforeEach, expect, test } from 'vitest'
import { type AppProgram, startProgram } from '../test/app-program.ts'
import { inCgroup } from '../test/identity-bed.ts'
import type { Machine } from '../test/lab-tunnel.ts'
import type { ConfigInWords } from '../test/sample-plan.ts'
import { useLab, useMachine } from '../test/use-lab.ts'
import { besideOf, diffSnapshots, ensureApplicationCgroup, removeIdleCgroups, type Tunnel } from './index.ts'

const root = cgroup2Mount()!
const { internet } = labAddresses
let lab: Lab
let machine: Machine
let programs: Readonly<Record<'one' | 'two' | 'three', AppProgram>>

/** Destinations of the first tunnel, of the second, and of both; the internet host is in neither. */
const places = {
  first: { v4: '198.51.100.1', v6: '2001:db8:a::1' },
  second: { v4: '192.0.2.1', v6: '2001:db8:b::1' },
  both: { v4: '198.18.0.1', v6: '2001:db8:c::1' },
}
const shared = ['198.18.0.0/15', '2001:db8:c::/48']
const firstWords: ConfigInWords = {
  addresses: ['10.8.0.5/32', 'fd08::5/128'],
  routes: ['198.51.100.0/24', '2001:db8:a::/48', ...shared],
}
const secondWords: ConfigInWords = {
  addresses: ['10.9.0.5/32', 'fd09::5/128'],
  routes: ['192.0.2.0/24', '2001:db8:b::/48', ...shared],
}

useLab(
  (made) => (lab = made),
  () => removeIdleCgroups({ root, settings: machine.settings }),
)
useMachine(
  () => lab,
  (made) => (machine = made),
  { instance: `two-${process.pid}` },
)
beforeEach(async () => {
  programs = { one: await start('one'), two: await start('two'), three: await start('three') }
})

function start(name: string): Promise<AppProgram> {
  const { settings, journal } = machine
  const application = { uid: 0, bundle: `com.example.${name}` }
  return startProgram(lab.client, inCgroup(ensureApplicationCgroup({ root, settings, journal }, application)))
}

type List = 'trustedApplications' | 'blockedApplications'

function withList(words: ConfigInWords, list: List, ...names: readonly string[]): ConfigInWords {
  return { ...words, more: { [list]: names.map((name) => `com.example.${name}`) } }
}

const excludable = ['com.example.one', 'com.example.two', 'com.example.three']

function createFirst(words: ConfigInWords, others: readonly Tunnel[] = []): Promise<Tunnel> {
  return machine.create(
    { ...words, more: { ...words.more, vpnId: 'first' } },
    { interfaceName: 'multitun-vpn0', excludable, beside: others.map(({ plan }) => besideOf(plan)!) },
  )
}

function createSecond(words: ConfigInWords, others: readonly Tunnel[] = []): Promise<Tunnel> {
  const beside = others.map(({ plan }) => besideOf(plan)!)
  const own = { slot: 1, interfaceName: 'multitun-vpn1', excludable, beside }
  return machine.create({ ...words, more: { ...words.more, vpnId: 'second' } }, own)
}

/**
 * Where a program's datagrams to each place enter a tunnel: `1`, `2`, or `-` for neither; for IPv4 and IPv6.
 */
async function ways(name: keyof typeof programs): Promise<string> {
  const captures: (readonly [string, Capture])[] = []
  for (const [number, link] of [
    ['1', 'multitun-vpn0'],
    ['2', 'multitun-vpn1'],
  ] as const) {
    using netlink = lab.client.rtnetlink()
    if (netlink.links().some((each) => each.name === link)) captures.push([number, capture(lab.client, link)])
  }
  let answer = ''
  for (const place of [places.first, places.second, places.both, internet]) {
    for (const address of [place.v4, place.v6]) {
      await programs[name].attempt({ protocol: 'udp', address, port: 9, timeoutMs: 5 })
      answer += captures.find(([, each]) => each.count({ destination: address }) > 0)?.[0] ?? '-'
    }
    answer += ' '
  }
  for (const [, each] of captures) each[Symbol.dispose]()
  return answer.trim()
}

test('two tunnels with different routes go each its own way, and each goes alone', async () => {
  const empty = machine.snapshot()
  const first = await createFirst(firstWords)
  const onlyFirst = machine.snapshot()
  const second = await createSecond(secondWords)
  expect(await ways('one')).toBe('11 22 11 --')
  await machine.destroy(second)
  expect(diffSnapshots(onlyFirst, machine.snapshot())).toEqual([])
  const again = await createSecond(secondWords)
  await machine.destroy(first)
  expect(await ways('one')).toBe('-- 22 22 --')
  await machine.destroy(again)
  expect(diffSnapshots(empty, machine.snapshot())).toEqual([])
})

/** The whole device, and parts of it: in whichever order they come, the longest prefix decides. */
const whole: ConfigInWords = { addresses: ['10.8.0.5/32', 'fd08::5/128'] }
const split: ConfigInWords = {
  addresses: ['10.9.0.5/32', 'fd09::5/128'],
  routes: ['198.51.100.0/24', '2001:db8:a::/48', '198.18.0.0/15', '!198.18.0.1/32'],
}

test.each([
  ['the whole first', true],
  ['the part first', false],
])('of overlapping routes the longest decides (%s)', async (_order, wholeFirst) => {
  const empty = machine.snapshot()
  const [one, two] = wholeFirst ? [whole, split] : [split, whole]
  const [wholeTunnel, splitTunnel] = wholeFirst ? ['1', '2'] : ['2', '1']
  const both = `${splitTunnel}${splitTunnel} ${wholeTunnel}${wholeTunnel} ${wholeTunnel}${wholeTunnel} ${wholeTunnel}${wholeTunnel}`
  const first = await createFirst(one)
  const onlyFirst = machine.snapshot()
  const second = await createSecond(two, [first])
  expect(await ways('one')).toBe(both)
  await machine.destroy(second)
  expect(diffSnapshots(onlyFirst, machine.snapshot())).toEqual([])
  const again = await createSecond(two, [first])
  await machine.destroy(first)
  expect(await ways('one')).toBe(wholeFirst ? '22 -- -- --' : '22 22 22 22')
  // The first slot is taken again, beside the second.
  const third = await createFirst(one, [again])
  expect(await ways('one')).toBe(both)
  await machine.destroy(again)
  expect(diffSnapshots(onlyFirst, machine.snapshot())).toEqual([])
  await machine.destroy(third)
  expect(diffSnapshots(empty, machine.snapshot())).toEqual([])
})

test('a family that the whole one refuses is carried where a longer prefix says so', async () => {
  const first = await createFirst({ addresses: ['10.8.0.5/32'] })
  await createSecond({ addresses: ['fd09::5/128'], routes: ['2001:db8:a::/48'] }, [first])
  expect(await ways('one')).toBe('12 1- 1- 1-')
})

test('a longer prefix of a dead tunnel is closed, not open, and does not fall back to the other', async () => {
  const first = await createFirst(whole)
  await createSecond(split, [first])
  lab.client.run(() => execFileSync('ip', ['link', 'delete', 'multitun-vpn1']))
  using uplink = capture(lab.router, labLinks.routerToClient)
  expect(await ways('one')).toBe('-- 11 11 11')
  expect(uplink.count({ destination: places.first.v4 })).toBe(0)
})

test('what the first tunnel spares, the second still carries', async () => {
  await createFirst(withList(firstWords, 'blockedApplications', 'one'))
  await createSecond(secondWords)
  expect(await ways('one')).toBe('-- 22 22 --')
  expect(await ways('two')).toBe('11 22 11 --')
})

test.each([
  ['trustedApplications', 'trustedApplications', ['11 -- 11 --', '11 22 11 --', '-- 22 22 --']],
  ['blockedApplications', 'blockedApplications', ['-- 22 22 --', '-- -- -- --', '11 -- 11 --']],
  ['trustedApplications', 'blockedApplications', ['11 22 11 --', '11 -- 11 --', '-- -- -- --']],
  ['blockedApplications', 'trustedApplications', ['-- -- -- --', '-- 22 22 --', '11 22 11 --']],
] as const)('an application may be on two lists (%s and %s)', async (firstList, secondList, expected) => {
  const empty = machine.snapshot()
  const first = await createFirst(withList(firstWords, firstList, 'one', 'two'))
  const onlyFirst = machine.snapshot()
  const alone = [await ways('one'), await ways('two'), await ways('three')]
  const second = await createSecond(withList(secondWords, secondList, 'two', 'three'))
  expect([await ways('one'), await ways('two'), await ways('three')]).toEqual(expected)

  await machine.destroy(second)
  expect(diffSnapshots(onlyFirst, machine.snapshot())).toEqual([])
  expect([await ways('one'), await ways('two'), await ways('three')]).toEqual(alone)

  const again = await createSecond(withList(secondWords, secondList, 'two', 'three'))
  await machine.destroy(first)
  const isCarried = (name: string): boolean => (secondList === 'trustedApplications') === (name !== 'one')
  for (const name of ['one', 'two', 'three'] as const) {
    expect([name, await ways(name)]).toEqual([name, isCarried(name) ? '-- 22 22 --' : '-- -- -- --'])
  }
  await machine.destroy(again)
  expect(diffSnapshots(empty, machine.snapshot())).toEqual([])
})

test('both have DNS servers, and each takes only its own away', async () => {
  const empty = machine.snapshot()
  const servers = (): string => readFileSync(machine.settings.resolvConf, 'utf8').replaceAll(/^#.*\n/gm, '')
  const first = await createFirst({ ...firstWords, more: { dnsAddresses: ['10.8.0.1'] } })
  const second = await createSecond({ ...secondWords, more: { dnsAddresses: ['10.9.0.1'] } })
  expect(servers()).toBe('nameserver 10.9.0.1\nnameserver 10.8.0.1\n')
  await machine.destroy(first)
  expect(servers()).toBe('nameserver 10.9.0.1\n')
  await machine.destroy(second)
  expect(diffSnapshots(empty, machine.snapshot())).toEqual([])
})
