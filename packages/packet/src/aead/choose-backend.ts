import { findChaCha20Poly1305, findChaCha20Primitives } from '@vpnext/native'

import { Arena } from '../arena/arena.ts'
import type { AeadBackend } from './aead.ts'
import type { CipherSet } from './cipher.ts'
import { countingBackend } from './counter-nonce.ts'
import { agrees, givesKnownAnswer, knownAnswers } from './known-answers.ts'
import { nodeCiphers } from './node-cipher.ts'
import { opensslCiphers } from './openssl-cipher.ts'
import { primitiveCiphers } from './primitive-cipher.ts'

/**
 * The fastest implementation that gives the published results here and now: the code inside OpenSSL, called directly;
 * otherwise OpenSSL's interface, called directly; otherwise `node:crypto`.
 *
 * @param arena where packets lie
 * @param wanted to insist on one
 * @throws Error when the one insisted on does not work
 */
export function chooseAead(arena: Arena, wanted?: AeadBackend['name']): AeadBackend {
  const may = (name: AeadBackend['name']): boolean => wanted === undefined || wanted === name
  const primitives = may('primitives') ? findChaCha20Primitives() : undefined
  if (primitives !== undefined && passes((memory) => primitiveCiphers(primitives, memory))) {
    return countingBackend('primitives', arena, primitiveCiphers(primitives, arena))
  }
  const functions = may('openssl') ? findChaCha20Poly1305() : undefined
  if (functions !== undefined && passes((memory) => opensslCiphers(functions, memory))) {
    return countingBackend('openssl', arena, opensslCiphers(functions, arena))
  }
  if (!may('node-crypto')) throw new Error(`aead: no ${wanted} that gives the published results`)
  if (!passes(nodeCiphers)) throw new Error('aead: node:crypto does not give the published results')
  return countingBackend('node-crypto', arena, nodeCiphers(arena))
}

/** Of packets without additional data, bytes: nothing, less than a block, and more than one of each kind. */
const testLengths = [0, 15, 1420]

/** Tests in a small arena of its own. */
function passes(ciphersOn: (arena: Arena) => CipherSet): boolean {
  const arena = Arena.create(65536)
  using ciphers = ciphersOn(arena)
  try {
    using others = nodeCiphers(arena)
    return (
      knownAnswers.every((answer) => givesKnownAnswer(ciphers, arena, answer)) &&
      testLengths.every((length) => agrees(ciphers, others, arena, length))
    )
  } catch {
    return false
  }
}
