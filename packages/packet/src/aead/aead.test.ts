import { createCipheriv } from 'node:crypto'

import { findChaCha20Poly1305, findChaCha20Primitives } from '@vpnext/native'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { Arena } from '../arena/arena.ts'
import type { AeadBackend } from './aead.ts'
import { chooseAead } from './choose-backend.ts'
import type { Cipher, CipherSet } from './cipher.ts'
import { aeadCompliance } from './compliance.ts'
import { countingBackend } from './counter-nonce.ts'
import { agrees, givesKnownAnswer, knownAnswers } from './known-answers.ts'
import { nodeCiphers } from './node-cipher.ts'
import { opensslCiphers } from './openssl-cipher.ts'
import { primitiveCiphers } from './primitive-cipher.ts'

/** node:crypto used in its plainest way, with the nonce made from a bigint. */
function reference(key: Uint8Array, counter: bigint, contents: Uint8Array): Uint8Array {
  const nonce = Buffer.alloc(12)
  nonce.writeBigUInt64LE(counter, 4)
  const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 })
  return Buffer.concat([cipher.update(contents), cipher.final(), cipher.getAuthTag()])
}

describe.each(['primitives', 'primitives, each call alone', 'openssl', 'node-crypto'] as const)(
  '%s',
  (name) => {
    const checks = aeadCompliance(() => {
      const arena = Arena.create(1 << 20)
      return { backend: countingBackend('node-crypto', arena, ciphersOn(name, arena)), arena }
    }, reference)
    test.each(checks)('$name', ({ run }) => run())

    test.each(knownAnswers)('gives the result of $source', (answer) => {
      const arena = Arena.create(65536)
      expect(givesKnownAnswer(ciphersOn(name, arena), arena, answer)).toBe(true)
      const wrong = { ...answer, sealed: answer.sealed.replace(/.$/, (last) => (last === '0' ? '1' : '0')) }
      expect(givesKnownAnswer(ciphersOn(name, arena), arena, wrong)).toBe(false)
    })
  },
)

test('OpenSSL inside this node is chosen', () => {
  const arena = Arena.create(1 << 20)
  expect(chooseAead(arena)).toMatchObject({ name: 'primitives', oneCall: process.arch === 'x64' })
  expect(findChaCha20Poly1305()?.origin).toBe('process')
})

test.each(['primitives', 'openssl', 'node-crypto'] as const)('%s pass the test at the start', (name) => {
  using backend = chooseAead(Arena.create(1 << 20), name)
  expect(backend.name).toBe(name)
})

test.each([
  [-1, 10, 100],
  [65_530, 10, 100],
  [0, 10, 65_511],
  [0, 10, -1],
  [0, -1, 100],
  [Number.NaN, 10, 100],
])('what is not in the arena is neither sealed nor opened: %d, %d, %d', (source, length, target) => {
  const arena = Arena.create(65_536)
  using backend = chooseAead(arena)
  using sealer = backend.sealer(new Uint8Array(32).fill(1))
  using opener = backend.opener(new Uint8Array(32).fill(1))
  expect(() => sealer.seal(source, length, target)).toThrow(RangeError)
  expect(sealer.counter).toBe(0)
  if (length > 0 && target < 65_000) {
    expect(() => opener.open(source, length + 16, target, 0)).toThrow(RangeError)
  }
})

test('whoever has to make each call alone says so', () => {
  const arena = Arena.create(1 << 20)
  const kinds = ['primitives, each call alone', 'openssl', 'node-crypto'] as const
  expect(kinds.map((kind) => countingBackend('openssl', arena, ciphersOn(kind, arena)).oneCall)).toEqual([
    false,
    false,
    false,
  ])
})

test('what seals otherwise than others fails the test at the start', () => {
  const arena = Arena.create(1 << 20)
  const right = nodeCiphers(arena)
  expect(agrees(right, nodeCiphers(arena), arena, 100)).toBe(true)
  const wrong: CipherSet = {
    ...right,
    create(key, direction) {
      const cipher = right.create(key, direction)
      const seal: Cipher['seal'] = (source, length, target) => {
        cipher.seal(source, length, target)
        arena.bytes[target + length] = (arena.bytes[target + length] ?? 0) ^ 1
      }
      return { open: cipher.open.bind(cipher), seal, [Symbol.dispose]: () => cipher[Symbol.dispose]() }
    },
  }
  expect(agrees(wrong, nodeCiphers(arena), arena, 100)).toBe(false)
})

describe('in one call and each alone, primitives give the same', () => {
  const arena = Arena.create(1 << 20)
  const area = arena.allocate(8192)
  const [once, alone] = [ciphersOn('primitives', arena), ciphersOn('primitives, each call alone', arena)]
  const key = Uint8Array.from({ length: 32 }, (_, index) => index * 3 + 1)

  test('wherever packets lie, and leave what is around them as it was', () => {
    using seal = once.create(key, 'seal')
    using open = once.create(key, 'open')
    using sealAlone = alone.create(key, 'seal')
    const place = fc.integer({ min: 64, max: 2500 })
    fc.assert(
      fc.property(place, place, fc.nat(1500), fc.nat(255), (source, target, length, fill) => {
        if (source !== target && Math.abs(source - target) < length + 16) return
        const before = Uint8Array.from({ length: 8192 }, (_, index) => (index * 13 + fill) & 0xff)
        const results = [seal, sealAlone].map((cipher) => {
          arena.bytes.set(before, area)
          for (const { nonce } of [once, alone]) arena.bytes.fill(fill, nonce, nonce + 12)
          cipher.seal(area + source, length, area + target)
          return arena.slice(area, 8192).slice()
        })
        expect(Buffer.compare(results[0]!, results[1]!)).toBe(0)
        const sealed = results[0]!.slice()
        const plain = target + length + 16 <= 4000 ? 4096 : 0
        expect(open.open(area + target, length + 16, area + plain)).toBe(true)
        sealed.set(before.subarray(source, source + length), plain)
        expect(Buffer.compare(arena.slice(area, 8192), sealed)).toBe(0)
      }),
      { numRuns: 300 },
    )
  })

  test('not after the set was disposed of', () => {
    const ended = ciphersOn('primitives', arena)
    using seal = ended.create(key, 'seal')
    ended[Symbol.dispose]()
    ended[Symbol.dispose]()
    expect(() => seal.seal(area + 64, 10, area + 4096)).toThrow(TypeError)
  })
})

type Kind = AeadBackend['name'] | 'primitives, each call alone'

function ciphersOn(name: Kind, arena: Arena): CipherSet {
  const functions = findChaCha20Poly1305()
  const primitives = findChaCha20Primitives()
  if (functions === undefined || primitives === undefined) throw new Error('no OpenSSL in this process')
  if (name === 'primitives') return primitiveCiphers(primitives, arena)
  if (name === 'primitives, each call alone')
    return primitiveCiphers({ ...primitives, compilePacket: () => undefined }, arena)
  return name === 'openssl' ? opensslCiphers(functions, arena) : nodeCiphers(arena)
}
