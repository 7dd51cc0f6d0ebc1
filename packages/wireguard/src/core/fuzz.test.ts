import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Endpoint } from '@vpnext/packet'
import { expect, test } from 'vitest'
import { makeRandom, mutate } from '../../test/mutate.ts'
import { ipv4Packet } from '../../test/packets.ts'
import { type Flight, Link, type Side } from '../../test/two-cores.ts'
import { CookieGenerator } from '../cookie/cookie-generator.ts'
import { decodeKey } from '../keys/key-text.ts'
import { messageType, MessageType } from '../messages/message-layout.ts'

const toB = ipv4Packet('10.0.0.1', '10.0.0.2', Uint8Array.of(1))
const toA = ipv4Packet('10.0.0.2', '10.0.0.1', Uint8Array.of(2))
const manyMessages = 1_000_000

/** A link with sessions, with a handshake of a whose response is still on its way, and with one message of each kind that went over it. */
function prepare(): { link: Link; originals: Uint8Array[] } {
  const link = new Link({ a: { underLoadMessages: manyMessages }, b: { underLoadMessages: manyMessages } })
  const seen: Flight[] = []
  const settle = (): void => {
    while (link.flying.length > 0) {
      seen.push(...link.flying.slice(0, 1))
      link.deliver()
    }
  }
  link.b.core.reportLoad(link.now)
  link.send(link.a, toB)
  settle()
  link.pass(5400, settle)
  link.send(link.b, toA)
  settle()
  link.pass(180_000)
  link.flying = []
  link.send(link.a, toB)
  seen.push(...link.flying.slice(0, 1))
  link.deliver()
  seen.push(...link.flying.splice(0))
  const originals = seen.map(({ bytes }) => bytes)
  expect(new Set(originals.map(([type]) => type))).toEqual(new Set([1, 2, 3, 4]))
  expect([link.a.delivered.length, link.b.delivered.length]).toEqual([1, 1])
  return { link, originals }
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

function usedHeap(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

const tables = (link: Link): unknown[] => [link.a, link.b].map(({ core }) => core.status(link.now).tables)
const dropped = (side: Side, link: Link): number =>
  Object.values(side.core.status(link.now).drops).reduce((sum, count) => sum + count, 0)

test('110,000 changed messages: no crash, no answer, nothing delivered, no table grows, each is counted', () => {
  const { link, originals } = prepare()
  using _ = link
  const random = makeRandom(20_260_801)
  const before = { tables: tables(link), a: dropped(link.a, link), b: dropped(link.b, link) }
  let heapAfterWarmUp = 0
  for (let sent = 0; sent < 110_000; sent += 1) {
    if (sent === 20_000) heapAfterWarmUp = usedHeap()
    const side = sent % 2 === 0 ? link.a : link.b
    const bytes = mutate(originals, random)
    const source = link.other(side).endpoint
    const actions = side.core.consumeDatagram(bytes, 0, bytes.length, source, link.now)
    if (actions.length > 0) {
      expect.fail(`${actions[0]?.kind} after ${Buffer.from(bytes).toString('hex')}`)
    }
  }
  expect(tables(link)).toEqual(before.tables)
  expect(dropped(link.a, link) - before.a).toBe(55_000)
  expect(dropped(link.b, link) - before.b).toBe(55_000)
  // Keeping as little as 16 bytes of each of the 90,000 messages would take more.
  expect(usedHeap() - heapAfterWarmUp).toBeLessThan(1_400_000)
}, 60_000)

test('4,000 changed handshake messages with a right mac1: no crash, no answer, no table grows', () => {
  const { link, originals } = prepare()
  using _ = link
  const random = makeRandom(7)
  const before = tables(link)
  for (let sent = 0; sent < 4000; sent += 1) {
    const side = sent % 2 === 0 ? link.a : link.b
    const bytes = Uint8Array.from(mutate(originals, random, 'mac1 right'))
    const type = messageType(bytes, 0, bytes.length)
    if (type === MessageType.initiation || type === MessageType.response) {
      const publicKey = decodeKey(side.core.publicKey)
      if (publicKey !== undefined) new CookieGenerator(publicKey).addMacs(type, bytes, link.now)
    }
    const actions = side.core.consumeDatagram(bytes, 0, bytes.length, link.other(side).endpoint, link.now)
    expect(actions).toEqual([])
  }
  expect(tables(link)).toEqual(before)
  const { drops } = link.b.core.status(link.now)
  for (const reason of ['forged', 'lowOrderPoint', 'unknownIndex'] as const) {
    expect([reason, (drops[reason] ?? 0) > 0]).toEqual([reason, true])
  }
}, 60_000)

test('the same core still talks to its peer after all that', () => {
  const { link, originals } = prepare()
  using _ = link
  const random = makeRandom(3)
  for (let sent = 0; sent < 2000; sent += 1) {
    const side = sent % 2 === 0 ? link.a : link.b
    const bytes = mutate(originals, random)
    side.core.consumeDatagram(bytes, 0, bytes.length, link.other(side).endpoint, link.now)
  }
  link.pass(6000, () => link.settle())
  expect(link.b.delivered).toEqual([toB, toB])
})

test('strangers cannot fill the table of sources', () => {
  const { link, originals } = prepare()
  using _ = link
  const initiation = originals.find(([type]) => type === 1)
  if (initiation === undefined) throw new Error('no initiation')
  link.b.core.reportLoad(link.now)
  for (let sent = 0; sent < 1000; sent += 1) {
    const source = Endpoint.from(`192.0.${sent >> 8}.${sent & 255}`, 51_820)
    const actions = link.b.core.consumeDatagram(initiation, 0, 148, source, link.now)
    expect(actions).toMatchObject([{ kind: 'send', bytes: { length: 64 } }])
  }
  expect(link.b.core.status(link.now).tables.sources).toBe(0)
})
