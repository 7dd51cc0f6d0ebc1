import { Arena, chooseAead } from '@vpnext/packet'
import { beforeEach, expect, test } from 'vitest'
import { IndexTable } from './index-table.ts'
import { Keypair } from './keypair.ts'
import { Keypairs } from './keypairs.ts'

const arena = Arena.create(65_536)
const memory = { arena, aead: chooseAead(arena) }
let discarded: number[] = []
let sessions: Keypairs<string>

function keypair(localIndex: number, role: 'initiator' | 'responder' = 'initiator'): Keypair<string> {
  const keys = { sending: new Uint8Array(32).fill(1), receiving: new Uint8Array(32).fill(1) }
  return new Keypair({ owner: 'peer', role, localIndex, remoteIndex: 9, createdAt: 0, keys, memory })
}

const held = (): (number | undefined)[] =>
  [sessions.previous, sessions.current, sessions.next].map((pair) => pair?.localIndex)

beforeEach(() => {
  discarded = []
  sessions = new Keypairs((pair) => discarded.push(pair.localIndex))
})

test('sessions we asked for are used at once, and the two newest are kept', () => {
  for (const index of [1, 2, 3]) sessions.addAsInitiator(keypair(index))
  expect(held()).toEqual([2, 3, undefined])
  expect(discarded).toEqual([1])
})

test('a session the peer asked for waits until the peer uses it', () => {
  sessions.addAsInitiator(keypair(1))
  const next = keypair(2, 'responder')
  sessions.addAsResponder(next)
  expect(held()).toEqual([undefined, 1, 2])
  expect(sessions.confirm(keypair(3))).toBe(false)
  expect(sessions.confirm(next)).toBe(true)
  expect(held()).toEqual([1, 2, undefined])
  expect(sessions.confirm(next), 'a second time').toBe(false)
  expect(discarded).toEqual([])
})

test('a newer request of the peer replaces the one it never used', () => {
  sessions.addAsInitiator(keypair(1))
  sessions.addAsInitiator(keypair(2))
  sessions.addAsResponder(keypair(3, 'responder'))
  sessions.addAsResponder(keypair(4, 'responder'))
  expect(held()).toEqual([undefined, 2, 4])
  expect(discarded).toEqual([1, 3])
})

test('when both ends asked at once, the peer’s session stays readable beside ours', () => {
  sessions.addAsInitiator(keypair(1))
  sessions.addAsResponder(keypair(2, 'responder'))
  sessions.addAsInitiator(keypair(3))
  expect(held()).toEqual([2, 3, undefined])
  expect(discarded).toEqual([1])
})

test('clearing discards every session once', () => {
  sessions.addAsInitiator(keypair(1))
  sessions.addAsInitiator(keypair(2))
  sessions.addAsResponder(keypair(3, 'responder'))
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
