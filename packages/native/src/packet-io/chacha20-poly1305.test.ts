import { createCipheriv } from 'node:crypto'

import { expect, test } from 'vitest'

import { findChaCha20Poly1305 } from './chacha20-poly1305.ts'
import { memoryAddress } from './memory.ts'

const functions = findChaCha20Poly1305()
if (functions === undefined) throw new Error('no OpenSSL')

const memory = Buffer.alloc(4096)
const base = memoryAddress(memory)
const [keyAt, nonceAt, associatedAt, plainAt, sealedAt, openedAt] = [0, 64, 128, 256, 1024, 2048]
memory.fill('a key of just about any 32 bytes', keyAt, keyAt + 32)
memory.fill('a nonce', nonceAt, nonceAt + 12)
memory.fill('extra', associatedAt, associatedAt + 5)
memory.fill('contents ', plainAt, plainAt + 300)

test('seals as node:crypto does, and opens again', () => {
  const cipher = createCipheriv(
    'chacha20-poly1305',
    memory.subarray(0, 32),
    memory.subarray(nonceAt, nonceAt + 12),
    {
      authTagLength: 16,
    },
  )
  cipher.setAAD(memory.subarray(associatedAt, associatedAt + 5), { plaintextLength: 300 })
  const body = Buffer.concat([cipher.update(memory.subarray(plainAt, plainAt + 300)), cipher.final()])
  const expected = Buffer.concat([body, cipher.getAuthTag()])

  const seal = functions.createContext(base + keyAt, 'seal')
  expect(functions.startSeal(seal, base + nonceAt)).toBe(1)
  expect(functions.updateSeal(seal, 0, base + associatedAt, 5)).toBe(1)
  expect(functions.updateSeal(seal, base + sealedAt, base + plainAt, 300)).toBe(1)
  expect(functions.finishSeal(seal, base + sealedAt + 300)).toBe(1)
  functions.freeContext(seal)
  expect(memory.subarray(sealedAt, sealedAt + 316)).toEqual(expected)

  const open = functions.createContext(base + keyAt, 'open')
  for (const [wrong, answer] of [
    [1, 0],
    [0, 1],
  ] as const) {
    memory.writeUInt8(memory.readUInt8(sealedAt + 315) ^ wrong, sealedAt + 315)
    expect(functions.startOpen(open, base + nonceAt, base + sealedAt + 300)).toBe(1)
    expect(functions.updateOpen(open, 0, base + associatedAt, 5)).toBe(1)
    expect(functions.updateOpen(open, base + openedAt, base + sealedAt, 300)).toBe(1)
    expect(functions.finishOpen(open)).toBe(answer)
    memory.writeUInt8(memory.readUInt8(sealedAt + 315) ^ wrong, sealedAt + 315)
  }
  functions.freeContext(open)
  expect(memory.compare(memory, plainAt, plainAt + 300, openedAt, openedAt + 300)).toBe(0)
})
