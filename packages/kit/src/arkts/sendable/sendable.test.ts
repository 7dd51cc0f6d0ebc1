import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'

import { transferredBuffers } from '../taskpool/transferred-buffers.ts'
import { arkTSUtilsNamespace } from './arkts-utils-namespace.ts'
import type { AsyncLock } from './async-lock.ts'
import { collectionsNamespace } from './collections-namespace.ts'
import type { SendableArray } from './sendable-array.ts'
import { addSendableClass, pack, unpack } from './sendable-classes.ts'

const code = (number: number): unknown => expect.objectContaining({ code: number })
const collections = collectionsNamespace() as Record<string, new (...args: unknown[]) => object>
const { locks } = arkTSUtilsNamespace() as {
  locks: { AsyncLock: typeof AsyncLock; AsyncLockMode: { SHARED: number; EXCLUSIVE: number } }
}

test('lists begin with what they are given, and stay lists of their kind', () => {
  const List = collections['Array'] as unknown as typeof SendableArray<number>
  expect([new List(3).length, [...new List(3, 4)], new List().length]).toEqual([1, [3, 4], 0])
  const list = new List(1, 2, 3)
  const doubled = list.map((value) => value * 2) as SendableArray<number>
  expect([doubled instanceof List, [...doubled], list.slice(1).length]).toEqual([true, [2, 4, 6], 2])
  list.shrinkTo(1)
  list.extendTo(3, 9)
  expect([[...list], [...List.create(2, 5)], [...List.from([1, 2])]]).toEqual([
    [1, 9, 9],
    [5, 5],
    [1, 2],
  ])
  expect(JSON.stringify(list)).toBe('[1,9,9]')
})

test('maps, sets and views are those of the language', () => {
  const { Map: Table, Set: Collection, Uint8Array: Bytes, ArrayBuffer: Buffer } = collections
  if (Table === undefined || Collection === undefined || Bytes === undefined || Buffer === undefined)
    throw new Error('not there')
  expect([...(new Table([['a', 1]]) as Map<string, number>)]).toEqual([['a', 1]])
  expect((new Collection([1, 1]) as Set<number>).size).toBe(1)
  expect([...(new Bytes(new Buffer(4)) as Uint8Array)]).toEqual([0, 0, 0, 0])
  expect(() => Reflect.construct(Object(collections['BitVector']), [])).toThrow(code(801))
})

test('one at a time has a lock, in the order in which they asked; those who share go together', async () => {
  const lock = new locks.AsyncLock()
  const { SHARED, EXCLUSIVE } = locks.AsyncLockMode
  const seen: string[] = []
  const work = (name: string) => async (): Promise<string> => {
    seen.push(`${name} begins`)
    await sleep(5)
    seen.push(`${name} ends`)
    return name
  }
  const all = Promise.all([
    lock.lockAsync(work('a'), EXCLUSIVE),
    lock.lockAsync(work('b'), SHARED),
    lock.lockAsync(work('c'), SHARED),
    lock.lockAsync(work('d')),
  ])
  expect(await all).toEqual(['a', 'b', 'c', 'd'])
  expect(seen.slice(0, 4)).toEqual(['a begins', 'a ends', 'b begins', 'c begins'])
  expect(seen.slice(6)).toEqual(['d begins', 'd ends'])
})

test('who fails gives the lock back; who waits too long, or not at all, fails', async () => {
  const lock = locks.AsyncLock.request('mine')
  expect(locks.AsyncLock.request('mine')).toBe(lock)
  const fails = async (): Promise<void> => {
    throw new Error('mine')
  }
  await expect(lock.lockAsync(fails)).rejects.toThrow('mine')
  let release = (): void => undefined
  const held = lock.lockAsync(() => new Promise<void>((resolve) => (release = resolve)))
  await vi.waitFor(() =>
    expect(locks.AsyncLock.query('mine')).toMatchObject({ held: [{ name: 'mine', mode: 2 }] }),
  )
  await expect(lock.lockAsync(() => 1, 2, { isAvailable: true })).rejects.toThrow(code(10200031))
  await expect(lock.lockAsync(() => 1, 1, { timeout: 1 })).rejects.toThrow(code(10200031))
  const gone = new AbortController()
  const aborted = lock.lockAsync(() => 1, 2, { signal: gone.signal })
  gone.abort(new Error('given up'))
  await expect(aborted).rejects.toThrow('given up')
  release()
  await held
  expect(await lock.lockAsync(() => 'free')).toBe('free')
  expect(() => locks.AsyncLock.query('other')).toThrow(code(10200030))
  await expect(lock.lockAsync(() => 1, 3)).rejects.toThrow(code(401))
})

/** What arrives in another thread. */
const sent = <T>(value: T): T => unpack(structuredClone(pack(value))) as T

class Peer {
  name: string
  readonly routes = Reflect.construct(Object(collections['Array']), ['10.0.0.0/8']) as SendableArray<string>
  next: Peer | undefined
  constructor(name: string) {
    this.name = name
  }
  title(): string {
    return `${this.name} ${this.routes.join()}`
  }
}
class Plain {
  readonly peer = new Peer('inner')
  says(): string {
    return 'plain'
  }
}
addSendableClass(Peer)

test('what has the decorator keeps its class on its way, wherever it lies', () => {
  const peer = new Peer('one')
  peer.next = peer
  const copy = sent(peer)
  expect([copy.title(), copy.next === copy, copy === peer]).toEqual(['one 10.0.0.0/8', true, false])
  copy.routes.extendTo(2, 'x')
  expect(copy.routes).toBeInstanceOf(collections['Array'])
  const deep = sent({ list: [new Map([['k', new Set([peer])]])], plain: new Plain() })
  expect([...(deep.list[0]?.get('k') ?? [])].map((each) => each.title())).toEqual(['one 10.0.0.0/8'])
  expect(deep.plain.peer.title()).toBe('inner 10.0.0.0/8')
  expect(Reflect.get(deep.plain, 'says')).toBeUndefined()
})

test('two classes of one name are two, and one that a thread has not loaded leaves its values', () => {
  const { Peer: Other } = {
    Peer: class {
      readonly kind = 'other'
      title(): string {
        return this.kind
      }
    },
  }
  addSendableClass(Other)
  expect([sent(new Other()).title(), sent(new Peer('one')).title()]).toEqual(['other', 'one 10.0.0.0/8'])
  expect(unpack({ value: { kind: 'x' }, classes: [[{}, 'Unknown']] })).toEqual({ kind: 'x' })
})

test('buffers of what may be shared stay with whoever sends them', () => {
  const Bytes = collections['Uint8Array'] as unknown as typeof Uint8Array
  const Table = collections['Map'] as unknown as typeof Map<string, number>
  const plain = new Uint8Array(4)
  expect(transferredBuffers([new Bytes(4), { plain }], [])).toEqual([plain.buffer])
  const bytes = sent(new Bytes([1, 2]))
  expect([bytes instanceof Bytes, [...bytes]]).toEqual([true, [1, 2]])
  expect([...sent(new Table([['a', 1]]))]).toEqual([['a', 1]])
  const { isSendable } = arkTSUtilsNamespace() as { isSendable: (value: unknown) => boolean }
  expect([new Peer('x'), bytes, 1, null, {}, plain, new Plain()].map(isSendable)).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
    false,
  ])
})
