import { Arena, chooseAead } from '@vpnext/packet'
import { beforeEach, expect, test } from 'vitest'
import { IndexTable } from './index-table.ts'
import { Keypair } from './keypair.ts'
import { Keypairs } from './keypairs.ts'
import { RetiredKeypairs } from './retired-keypairs.ts'

const arena = Arena.create(65_536)
const memory = { arena, aead: chooseAead(arena) }
let retired: number[] = []
let discarded: number[] = []
let sessions: Keypairs<string>

function keypair(localIndex: number, role: 'initiator' | 'responder' = 'initiator'): Keypair<string> {
  const keys = { sending: new Uint8Array(32).fill(1), receiving: new Uint8Array(32).fill(1) }
  return new Keypair({ owner: 'peer', role, localIndex, remoteIndex: 9, createdAt: 0, keys, memory })
}

/** A message of 48 bytes of packet. @returns where it lies */
function sealed(pair: Keypair<string>): number {
  const message = arena.allocate(128)
  pair.seal(arena.allocate(64), 48, message)
  return message
}

const held = (): (number | undefined)[] =>
  [sessions.previous, sessions.current, sessions.next].map((pair) => pair?.localIndex)

beforeEach(() => {
  retired = []
  discarded = []
  sessions = new Keypairs(
    (pair) => retired.push(pair.localIndex),
    (pair) => discarded.push(pair.localIndex),
  )
})

test('sessions we asked for are used at once, and the two newest are kept', () => {
  for (const index of [1, 2, 3]) sessions.addAsInitiator(keypair(index), 0)
  expect(held()).toEqual([2, 3, undefined])
  expect(retired).toEqual([1])
})

test('a session the peer asked for waits until the peer uses it', () => {
  sessions.addAsInitiator(keypair(1), 0)
  const next = keypair(2, 'responder')
  sessions.addAsResponder(next, 0)
  expect(held()).toEqual([undefined, 1, 2])
  expect(sessions.confirm(keypair(3), 0)).toBe(false)
  expect(sessions.confirm(next, 0)).toBe(true)
  expect(held()).toEqual([1, 2, undefined])
  expect(sessions.confirm(next, 0), 'a second time').toBe(false)
  expect(retired).toEqual([])
})

test('a newer request of the peer replaces the one it never used', () => {
  sessions.addAsInitiator(keypair(1), 0)
  sessions.addAsInitiator(keypair(2), 0)
  sessions.addAsResponder(keypair(3, 'responder'), 0)
  sessions.addAsResponder(keypair(4, 'responder'), 0)
  expect(held(), 'the peer may still send with any that it has').toEqual([1, 2, 4])
  expect(retired).toEqual([3])
})

test('when both ends asked at once, the peer’s session stays readable beside ours', () => {
  sessions.addAsInitiator(keypair(1), 0)
  sessions.addAsResponder(keypair(2, 'responder'), 0)
  sessions.addAsInitiator(keypair(3), 0)
  expect(held()).toEqual([2, 3, undefined])
  expect(retired).toEqual([1])
})

test('replaced sessions receive, but do not send, until their time is over or there are too many of them', () => {
  const kept = new RetiredKeypairs<string>((pair) => {
    discarded.push(pair.localIndex)
    pair[Symbol.dispose]()
  })
  const message = sealed(keypair(0))
  const pairs = [1, 2, 3, 4, 5].map((index) => keypair(index))
  for (const [at, pair] of pairs.entries()) kept.add(pair, 100 + at)
  expect([discarded, kept.size, kept.nextAt], 'four are kept').toEqual([[1], 4, 101])
  kept.expire(101)
  expect([discarded, kept.size, kept.nextAt]).toEqual([[1, 2], 3, 102])
  const [first, , third] = pairs
  expect(() => third?.seal(message, 16, message), 'sending has ended').toThrow('disposal')
  expect(third?.open(message, 80, arena.allocate(128))).toBe(48)
  expect(() => first?.open(message, 80, message), 'its keys are wiped').toThrow('disposal')
  kept.clear()
  kept.clear()
  expect([discarded, kept.size, kept.nextAt]).toEqual([[1, 2, 3, 4, 5], 0, Infinity])
})

test('clearing discards every session once', () => {
  sessions.addAsInitiator(keypair(1), 0)
  sessions.addAsInitiator(keypair(2), 0)
  sessions.addAsResponder(keypair(3, 'responder'), 0)
  sessions.clear()
  sessions.clear()
  expect(discarded.toSorted((a, b) => a - b)).toEqual([1, 2, 3])
  expect(held()).toEqual([undefined, undefined, undefined])
})

test('messages take one counter after the other and open with the peer’s keys', () => {
  const pair = keypair(1)
  const [packet, message, opened] = [arena.allocate(64), arena.allocate(128), arena.allocate(128)]
  arena.bytes.fill(7, packet, packet + 48)
  for (const counter of [0, 1, 2]) {
    expect(pair.sendCounter).toBe(counter)
    pair.seal(packet, 48, message)
    expect(arena.slice(message, 16)).toEqual(
      Uint8Array.of(4, 0, 0, 0, 9, 0, 0, 0, counter, 0, 0, 0, 0, 0, 0, 0),
    )
    expect(pair.open(message, 80, opened)).toBe(48)
    expect(arena.slice(opened, 48)).toEqual(arena.slice(packet, 48))
  }
  arena.bytes[message + 8] = 1
  expect(pair.open(message, 80, opened), 'another counter is another nonce').toBe(-1)
  pair[Symbol.dispose]()
  expect(() => pair.seal(packet, 48, message)).toThrow('disposal')
})

test('indices are drawn until one is free', () => {
  const draws = [5, 5, 5, 6, 6, 7]
  const table = new IndexTable<string>(() => draws.shift() ?? 0)
  table.addHandshake(table.draw(), 'peer')
  expect(table.handshake(5)).toBe('peer')
  const index = table.draw()
  expect(index).toBe(6)
  table.addSession(keypair(index))
  expect(table.draw()).toBe(7)
  expect(table.size).toBe(2)
  table.removeHandshake(5)
  expect([table.handshake(5), table.session(6)?.owner, table.session(5)]).toEqual([
    undefined,
    'peer',
    undefined,
  ])
})
