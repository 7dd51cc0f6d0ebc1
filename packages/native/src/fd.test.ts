import { closeSync, fstatSync, openSync } from 'node:fs'

import { afterEach, expect, test } from 'vitest'

import { expectNoOpenFds } from '../test/open-fds.ts'
import { isCloseOnExec, setCloseOnExec } from './fd-io.ts'
import { Fd, openFds } from './fd.ts'

afterEach(expectNoOpenFds)

const isOpen = (number: number): boolean => {
  try {
    fstatSync(number)
    return true
  } catch {
    return false
  }
}

test('close closes once, and a second close does not touch the next owner of the number', () => {
  const first = Fd.adopt(openSync('/dev/null', 'r'))
  const number = first.number
  first.close()
  expect(isOpen(number)).toBe(false)
  const second = Fd.adopt(openSync('/dev/null', 'r'))
  expect(second.number).toBe(number)
  first.close()
  first[Symbol.dispose]()
  expect([isOpen(number), first.closed, second.closed]).toEqual([true, true, false])
  second.close()
})

test('a closed Fd has no number', () => {
  const fd = Fd.adopt(openSync('/dev/null', 'r'))
  fd.close()
  expect(() => fd.number).toThrow('used after close')
  expect(() => fd.dup()).toThrow('used after close')
  expect(() => fd.release()).toThrow('used after close')
})

test('a descriptor has one owner at a time', () => {
  const number = openSync('/dev/null', 'r')
  using fd = Fd.adopt(number)
  expect(() => Fd.adopt(number)).toThrow('already has an owner')
  expect(openFds()).toBe(1)
  expect(fd.release()).toBe(number)
  expect([openFds(), isOpen(number)]).toEqual([0, true])
  Fd.adopt(number).close()
})

test.each([-1, 1.5, Number.NaN])('%d is no descriptor', (number) => {
  expect(() => Fd.adopt(number)).toThrow(RangeError)
})

test('a dup is another descriptor of the same file, close-on-exec', () => {
  using fd = Fd.adopt(openSync('/dev/null', 'r'))
  setCloseOnExec(fd, false)
  using dup = fd.dup()
  expect(dup.number).not.toBe(fd.number)
  expect(fstatSync(dup.number).rdev).toBe(fstatSync(fd.number).rdev)
  expect([isCloseOnExec(fd), isCloseOnExec(dup)]).toEqual([false, true])
})

test('somebody else closing the descriptor is reported', () => {
  const number = openSync('/dev/null', 'r')
  const fd = Fd.adopt(number)
  closeSync(number)
  expect(() => fd.close()).toThrow(expect.objectContaining({ code: 'EBADF', syscall: 'close' }))
})

test('listeners hear of the end while the descriptor is still open, unless removed', () => {
  const fd = Fd.adopt(openSync('/dev/null', 'r'))
  const heard: [string, boolean][] = []
  fd.beforeEnd(() => heard.push(['kept', isOpen(fd.number)]))
  fd.beforeEnd(() => heard.push(['removed', true]))()
  fd.close()
  expect(heard).toEqual([['kept', true]])
})
