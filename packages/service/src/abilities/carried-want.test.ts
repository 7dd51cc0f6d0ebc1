import { isBusinessError } from '@vpnext/api'
import { type Fd, openFds, socketPair } from '@vpnext/native'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CarriedWant, type OnTheWay, maxDescriptorsOnTheWay } from './carried-want.ts'

let before: number
beforeEach(() => {
  before = openFds()
})
afterEach(() => expect(openFds()).toBe(before))

const fd = (value: unknown): object => ({ type: 'FD', value })
const some = (count: number): Fd[] =>
  Array.from({ length: count / 2 }, () => socketPair('seqpacket')).flatMap((pair) => [...pair])

function refusal(parameters: object, fds: Fd[], onTheWay: OnTheWay = { descriptors: 0 }): unknown {
  try {
    CarriedWant.of({ parameters }, fds, onTheWay)[Symbol.dispose]()
    return undefined
  } catch (error) {
    return isBusinessError(error) ? [error.code, error.data?.field] : error
  }
}

test('a Want holds its descriptors until it is disposed of, and speaks of none after that', () => {
  const onTheWay = { descriptors: 0 }
  const want = CarriedWant.of({ parameters: { a: fd(1), b: { c: fd(0) }, d: 5 } }, some(2), onTheWay)
  expect([want.message().fds.length, onTheWay.descriptors]).toEqual([2, 2])
  expect(want.message().want.parameters).toEqual({ a: fd(1), b: { c: fd(0) }, d: 5 })
  want[Symbol.dispose]()
  want[Symbol.dispose]()
  expect(onTheWay.descriptors).toBe(0)
  expect(want.message()).toEqual({ want: { parameters: { b: {}, d: 5 } }, fds: [] })
})

test('what does not fit what came with it is refused, and everything closed', () => {
  expect(refusal({ a: fd(0) }, [])).toEqual([401, 'want.parameters.a'])
  expect(refusal({}, some(2))).toEqual([401, 'want.parameters'])
  expect(refusal({ a: fd(0), b: fd(0) }, some(2))).toEqual([401, 'want.parameters'])
  expect(refusal({ a: fd(0), b: fd(2) }, some(2))).toEqual([401, 'want.parameters'])
  expect(refusal({ a: fd(0), b: fd('1') }, some(2))).toEqual([401, 'want.parameters.b.value'])
  expect(refusal({ bad: Number.NaN }, some(2))).toEqual([401, 'want.parameters.bad'])
})

test('one process has so many on their way, and no more', () => {
  const onTheWay = { descriptors: 0 }
  const held = Array.from({ length: maxDescriptorsOnTheWay / 2 }, () =>
    CarriedWant.of({ parameters: { a: fd(0), b: fd(1) } }, some(2), onTheWay),
  )
  expect(refusal({ a: fd(0), b: fd(1) }, some(2), onTheWay)).toEqual([16000050, undefined])
  // What others send is not its business, nor are Wants without any.
  expect(refusal({ a: fd(0), b: fd(1) }, some(2))).toBeUndefined()
  expect(refusal({ a: 1 }, [], onTheWay)).toBeUndefined()
  held.pop()?.[Symbol.dispose]()
  expect(refusal({ a: fd(0), b: fd(1) }, some(2), onTheWay)).toBeUndefined()
  for (const want of held) want[Symbol.dispose]()
})
