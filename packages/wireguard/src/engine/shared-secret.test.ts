import { expect, test } from 'vitest'
import { shareSecret, takeShared, wipeShared } from './shared-secret.ts'

const key = Uint8Array.from({ length: 32 }, (_, index) => index + 1)
const bytesOf = (secret: SharedArrayBuffer): number[] => [...new Uint8Array(secret)]
const zeros = bytesOf(new SharedArrayBuffer(32))

test('a key that is taken is gone from shared memory, and afterwards from the copy', () => {
  const secret = shareSecret(key)
  expect(bytesOf(secret)).toEqual([...key])
  let kept: Uint8Array = new Uint8Array(0)
  const result = takeShared(secret, (copy) => {
    expect([...copy]).toEqual([...key])
    expect(bytesOf(secret)).toEqual(zeros)
    kept = copy
    return 'used'
  })
  expect(result).toBe('used')
  expect([...kept]).toEqual(zeros)
})

test('it is gone when its user fails, too', () => {
  let kept: Uint8Array = new Uint8Array(0)
  const fail = (copy: Uint8Array): never => {
    kept = copy
    throw new Error('no')
  }
  expect(() => takeShared(shareSecret(key), fail)).toThrow('no')
  expect([...kept]).toEqual(zeros)
})

test('a key that nobody took can be wiped', () => {
  const secret = shareSecret(key)
  wipeShared(secret)
  expect(bytesOf(secret)).toEqual(zeros)
})
