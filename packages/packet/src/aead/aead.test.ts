import { createCipheriv } from 'node:crypto'

import { findChaCha20Poly1305, findChaCha20Primitives } from '@vpnext/native'
import { describe, expect, test } from 'vitest'

import { Arena } from '../arena/arena.ts'
import type { AeadBackend } from './aead.ts'
import { chooseAead } from './choose-backend.ts'
import type { CipherSet } from './cipher.ts'
import { aeadCompliance } from './compliance.ts'
import { givesKnownAnswer, knownAnswers } from './known-answers.ts'
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

describe.each(['primitives', 'openssl', 'node-crypto'] as const)('%s', (name) => {
  const checks = aeadCompliance(() => {
    const arena = Arena.create(1 << 20)
    return { backend: chooseAead(arena, name), arena }
  }, reference)
  test.each(checks)('$name', ({ run }) => run())

  test.each(knownAnswers)('gives the result of $source', (answer) => {
    const arena = Arena.create(65536)
    expect(givesKnownAnswer(ciphersOn(name, arena), arena, answer)).toBe(true)
    const wrong = { ...answer, sealed: answer.sealed.replace(/.$/, (last) => (last === '0' ? '1' : '0')) }
    expect(givesKnownAnswer(ciphersOn(name, arena), arena, wrong)).toBe(false)
  })
})

test('OpenSSL inside this node is chosen', () => {
  const arena = Arena.create(1 << 20)
  expect(chooseAead(arena).name).toBe('primitives')
  expect(findChaCha20Poly1305()?.origin).toBe('process')
})

function ciphersOn(name: AeadBackend['name'], arena: Arena): CipherSet {
  const functions = findChaCha20Poly1305()
  const primitives = findChaCha20Primitives()
  if (functions === undefined || primitives === undefined) throw new Error('no OpenSSL in this process')
  if (name === 'primitives') return primitiveCiphers(primitives, arena)
  return name === 'openssl' ? opensslCiphers(functions, arena) : nodeCiphers(arena)
}
