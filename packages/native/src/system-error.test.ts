import { expect, test } from 'vitest'

import { errnoName, errnoNumber, isErrno, isSystemError, SystemError } from './system-error.ts'

test.each([
  [2, 'ENOENT'],
  [11, 'EAGAIN'],
  [77, 'EBADFD'],
  [95, 'EOPNOTSUPP'],
  [524, 'ENOTSUPP'],
])('errno %i is %s, both ways', (number, name) => {
  expect(errnoName(number)).toBe(name)
  expect(errnoNumber(name)).toBe(number)
})

test('a number without a name keeps its number; a name without a number is refused', () => {
  expect(errnoName(9999)).toBe('E9999')
  expect(() => errnoNumber('ENOSUCHTHING')).toThrow(RangeError)
})

test('an error tells code, number, call, detail and position', () => {
  const cause = new Error('why')
  const error = new SystemError(13, 'bind', { detail: '/run/x', index: 3, cause })
  expect(
    Object.fromEntries(Object.getOwnPropertyNames(error).map((key) => [key, Reflect.get(error, key)])),
  ).toMatchObject({
    name: 'SystemError',
    code: 'EACCES',
    errno: 13,
    syscall: 'bind',
    detail: '/run/x',
    index: 3,
    cause,
    message: 'bind: EACCES: permission denied: /run/x',
  })
})

test('isSystemError looks at the codes given', () => {
  const error = new SystemError(2, 'open')
  expect([
    isSystemError(error),
    isSystemError(error, 'EPERM', 'ENOENT'),
    isSystemError(error, 'EPERM'),
  ]).toEqual([true, true, false])
  expect(isSystemError(Object.assign(new Error('x'), { code: 'ENOENT' }))).toBe(false)
})

test('an error without detail and position has no such properties', () => {
  expect(Object.keys(new SystemError(2, 'open')).toSorted()).toEqual(['code', 'errno', 'name', 'syscall'])
})

test('a code is found on the errors of node and of this package, and on nothing else', () => {
  const ofNode = Object.assign(new Error('x'), { code: 'ENOENT' })
  expect(isErrno(ofNode, 'EPERM', 'ENOENT')).toBe(true)
  expect(isErrno(new SystemError(2, 'open'), 'ENOENT')).toBe(true)
  expect(isErrno(ofNode, 'EPERM')).toBe(false)
  expect(isErrno(Object.assign(new Error('x'), { code: 2 }), '2')).toBe(false)
  expect(isErrno({ code: 'ENOENT' }, 'ENOENT')).toBe(false)
})
