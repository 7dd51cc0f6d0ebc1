import fc from 'fast-check'
import { expect, test } from 'vitest'

import { Deque, Queue, Stack } from './ends.ts'
import { ArrayList, LinkedList, List, Vector } from './lists.ts'
import { HashMap, LightWeightMap, PlainArray, TreeMap } from './maps.ts'
import { HashSet, LightWeightSet, TreeSet } from './sets.ts'

const code = (number: number): unknown => expect.objectContaining({ code: number })

test.each([ArrayList, Vector, List, LinkedList])('%o does what an array does', (Kind) => {
  const operation = fc.oneof(
    fc.record({ kind: fc.constant('add' as const), value: fc.nat(5) }),
    fc.record({ kind: fc.constant('insert' as const), value: fc.nat(5) }),
    fc.record({ kind: fc.constant('remove' as const), value: fc.nat(5) }),
  )
  fc.assert(
    fc.property(fc.array(operation), (operations) => {
      const list = new Kind()
      const array: number[] = []
      for (const { kind, value } of operations) {
        if (kind === 'add') {
          expect(list.add(value)).toBe(true)
          array.push(value)
        } else if (kind === 'insert') {
          if (value > array.length) expect(() => list.insert(value, value)).toThrow(code(10200001))
          else {
            list.insert(value, value)
            array.splice(value, 0, value)
          }
        } else {
          const index = array.indexOf(value)
          expect(list.remove(value)).toBe(index !== -1)
          if (index !== -1) array.splice(index, 1)
        }
      }
      expect([[...list], list.length, list.isEmpty(), list[0]]).toEqual([
        array,
        array.length,
        array.length === 0,
        array[0],
      ])
      expect(list.convertToArray()).toEqual(array)
      expect(list.getLastIndexOf(3)).toBe(array.lastIndexOf(3))
    }),
  )
})

test('lists have what is theirs alone', () => {
  const list = new ArrayList()
  for (const value of [3, 1, 2]) list.add(value)
  list.sort((one, other) => Number(one) - Number(other))
  expect([...list.subArrayList(0, 2)]).toEqual([1, 2])
  expect(list.clone()).toBeInstanceOf(ArrayList)
  list.replaceAllElements((value) => Number(value) * 2)
  expect(list.removeByIndex(1)).toBe(4)
  expect([...list]).toEqual([2, 6])
  expect(() => list.removeByIndex(2)).toThrow(code(10200001))
  expect(() => list.insert(1, 'x')).toThrow(code(401))
  const vector = new Vector()
  vector.setLength(2)
  expect([vector.set(0, 'a'), vector.get(0), vector.getFirstElement(), vector.toString()]).toEqual([
    undefined,
    'a',
    'a',
    'a,',
  ])
  const linked = new LinkedList()
  expect(() => linked.removeFirst()).toThrow(code(10200010))
  linked.add(1)
  linked.addFirst(0)
  expect([linked.removeLast(), linked.removeFirst()]).toEqual([1, 0])
  const one = new List()
  const other = new List()
  one.add(1)
  expect(one.equal(other)).toBe(false)
  other.add(1)
  expect(one.equal(other)).toBe(true)
})

test('queues and stacks keep their order', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(9), { nil: undefined })), (values) => {
      const [queue, stack, deque] = [new Queue(), new Stack(), new Deque()]
      const model: { queue: number[]; stack: number[] } = { queue: [], stack: [] }
      for (const value of values) {
        if (value === undefined) {
          const first = model.queue.shift()
          expect([queue.pop(), deque.popLast(), stack.pop()]).toEqual([first, first, model.stack.pop()])
        } else {
          queue.add(value)
          deque.insertFront(value)
          stack.push(value)
          model.queue.push(value)
          model.stack.push(value)
        }
      }
      expect([[...queue], [...stack], [...deque]]).toEqual([
        model.queue,
        model.stack,
        model.queue.toReversed(),
      ])
      expect([queue.getFirst(), stack.peek(), deque.getLast()]).toEqual([
        model.queue[0],
        model.stack.at(-1),
        model.queue[0],
      ])
    }),
  )
})

test.each([HashMap, TreeMap, LightWeightMap])('%o does what a Map does', (Kind) => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(9), fc.option(fc.string(), { nil: undefined }))), (entries) => {
      const map = new Kind()
      const model = new Map<number, string>()
      for (const [key, value] of entries) {
        if (value === undefined) {
          expect(map.remove(key)).toBe(model.get(key))
          model.delete(key)
        } else {
          map.set(key, value)
          model.set(key, value)
        }
      }
      const sorted = [...model].toSorted(([one], [other]) => one - other)
      expect([...map].toSorted(([one], [other]) => Number(one) - Number(other))).toEqual(sorted)
      if (Kind === TreeMap) expect([...map]).toEqual(sorted)
      expect([map.length, map.hasKey(3), map.get(3)]).toEqual([model.size, model.has(3), model.get(3)])
    }),
  )
})

test('trees know their neighbours, and take another order', () => {
  const map = new TreeMap((one: number, other: number) => one > other)
  for (const key of [5, 1, 3]) map.set(key, String(key))
  expect([...map.keys()]).toEqual([5, 3, 1])
  expect([map.getFirstKey(), map.getLastKey(), map.getLowerKey(3), map.getHigherKey(3)]).toEqual([5, 1, 5, 1])
  const set = new TreeSet()
  for (const value of ['b', 'c', 'a', 'b']) set.add(value)
  expect([...set]).toEqual(['a', 'b', 'c'])
  expect([set.popFirst(), set.popLast(), set.getLowerValue('c'), set.getHigherValue('b')]).toEqual([
    'a',
    'c',
    'b',
    undefined,
  ])
  set.clear()
  expect(() => set.popFirst()).toThrow(code(10200010))
})

test('light containers and plain arrays', () => {
  const plain = new PlainArray()
  plain.add(7, 'seven')
  plain.add(2, 'two')
  expect([plain.getKeyAt(0), plain.getValueAt(1), plain.getIndexOfKey(7), plain.toString()]).toEqual([
    2,
    'seven',
    1,
    '2:two,7:seven',
  ])
  expect([plain.clone().removeRangeFrom(0, 5), plain.length]).toEqual([2, 2])
  const map = new LightWeightMap()
  map.set('a', 1)
  expect([map.setValueAt(0, 2), map.get('a'), map.removeAt(4), map.hasAll(map)]).toEqual([
    true,
    2,
    false,
    true,
  ])
  const set = new LightWeightSet()
  expect([set.add(1), set.add(1), set.getValueAt(0), set.remove(2), set.equal([1])]).toEqual([
    true,
    false,
    1,
    undefined,
    true,
  ])
  const hash = new HashSet()
  expect([hash.add('x'), hash.remove('x'), hash.remove('x'), hash.isEmpty()]).toEqual([
    true,
    true,
    false,
    true,
  ])
})
