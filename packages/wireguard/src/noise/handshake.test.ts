import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { computeTranscript, type Ingredients, x25519 } from '../../test/independent-noise.ts'
import { CookieGenerator } from '../cookie/cookie-generator.ts'
import { X25519PrivateKey, X25519PublicKey } from '../crypto/x25519.ts'
import { Initiation, MessageType, Response } from '../messages/message-layout.ts'
import { type LocalIdentity, makeRemoteIdentity, type RemoteIdentity } from './identity.ts'
import { consumeResponse, createInitiation } from './initiator.ts'
import { consumeInitiation, createResponse, type InitiationConsumed } from './responder.ts'

const fixed: Ingredients = {
  initiatorStatic: new Uint8Array(32).fill(0x11),
  initiatorEphemeral: new Uint8Array(32).fill(0x22),
  responderStatic: new Uint8Array(32).fill(0x33),
  responderEphemeral: new Uint8Array(32).fill(0x44),
  presharedKey: new Uint8Array(32).fill(0x55),
  timestamp: Uint8Array.of(0x40, 0, 0, 0, 0x5e, 1, 2, 3, 4, 5, 6, 7),
  initiatorIndex: 0x01020304,
  responderIndex: 0xf5f6f7f8,
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const local = (secret: Uint8Array): LocalIdentity => ({ privateKey: X25519PrivateKey.fromBytes(secret) })

function remote(of: LocalIdentity, publicKey: X25519PublicKey, psk: Uint8Array): RemoteIdentity {
  const identity = makeRemoteIdentity(of, publicKey, psk)
  if (identity === undefined) throw new Error('low-order key')
  return identity
}

/** Both ends of a handshake with these ingredients, as far as the first message. */
function begin(given: Ingredients): ReturnType<typeof prepare> & ReturnType<typeof createInitiation> {
  const ends = prepare(given)
  const initiation = createInitiation(ends.initiator, ends.responderSeen, {
    sender: given.initiatorIndex,
    ephemeral: X25519PrivateKey.fromBytes(given.initiatorEphemeral),
    timestamp: given.timestamp,
  })
  return { ...ends, ...initiation }
}

function prepare(given: Ingredients): {
  initiator: LocalIdentity
  responder: LocalIdentity
  initiatorSeen: RemoteIdentity
  responderSeen: RemoteIdentity
} {
  const initiator = local(given.initiatorStatic)
  const responder = local(given.responderStatic)
  return {
    initiator,
    responder,
    initiatorSeen: remote(responder, initiator.privateKey.publicKey, given.presharedKey),
    responderSeen: remote(initiator, responder.privateKey.publicKey, given.presharedKey),
  }
}

type Consumed = InitiationConsumed<{ identity: RemoteIdentity }>

function accept(ends: ReturnType<typeof prepare>, message: Uint8Array): Consumed {
  const result = consumeInitiation(ends.responder, message, 0, () => ({ identity: ends.initiatorSeen }))
  if (result.kind === 'rejected') throw new Error(`rejected: ${result.reason}`)
  return result
}

test('the independent curve agrees with RFC 7748 section 5.2', () => {
  const scalar = Buffer.from('a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4', 'hex')
  const point = Buffer.from('e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c', 'hex')
  expect(hex(x25519(scalar, point))).toBe('c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552')
})

test('a handshake with fixed keys gives the messages and keys of an independent computation', () => {
  const index = fc.integer({ min: 0, max: 0xffff_ffff })
  const secret = fc.uint8Array({ minLength: 32, maxLength: 32 })
  const ingredients: fc.Arbitrary<Ingredients> = fc.record({
    initiatorStatic: secret,
    initiatorEphemeral: secret,
    responderStatic: secret,
    responderEphemeral: secret,
    presharedKey: fc.oneof(secret, fc.constant(new Uint8Array(32))),
    timestamp: fc.uint8Array({ minLength: 12, maxLength: 12 }),
    initiatorIndex: index,
    responderIndex: index,
  })
  const check = (given: Ingredients): void => {
    const expected = computeTranscript(given)
    const { message: initiation, state, ...ends } = begin(given)
    new CookieGenerator(ends.responder.privateKey.publicKey.bytes).addMacs(
      MessageType.initiation,
      initiation,
      0,
    )
    expect(hex(initiation)).toBe(hex(expected.initiation))

    const consumed = accept(ends, initiation)
    expect(hex(consumed.timestamp)).toBe(hex(given.timestamp))
    const { message: response, keys } = createResponse(consumed, {
      sender: given.responderIndex,
      ephemeral: X25519PrivateKey.fromBytes(given.responderEphemeral),
    })
    new CookieGenerator(ends.initiator.privateKey.publicKey.bytes).addMacs(MessageType.response, response, 0)
    expect(hex(response)).toBe(hex(expected.response))

    const done = consumeResponse(state, ends.initiator, ends.responderSeen, response, 0)
    if (done.kind === 'rejected') throw new Error(done.reason)
    expect(done.remoteIndex).toBe(given.responderIndex)
    const named = { toResponder: hex(expected.toResponder), toInitiator: hex(expected.toInitiator) }
    expect({ toResponder: hex(done.keys.sending), toInitiator: hex(done.keys.receiving) }).toEqual(named)
    expect({ toResponder: hex(keys.receiving), toInitiator: hex(keys.sending) }).toEqual(named)
  }
  check(fixed)
  fc.assert(fc.property(ingredients, check), { numRuns: 10 })
}, 30_000)

test('an initiation with any byte changed is refused', () => {
  const { message, state: _, ...ends } = begin(fixed)
  for (let at = Initiation.ephemeral; at < Initiation.mac1; at += 1) {
    const forged = Uint8Array.from(message)
    forged[at] = (forged[at] ?? 0) ^ (at === Initiation.ephemeral + 31 ? 0x40 : 1)
    const result = consumeInitiation(ends.responder, forged, 0, () => ({ identity: ends.initiatorSeen }))
    expect([at, result.kind]).toEqual([at, 'rejected'])
  }
  expect(accept(ends, message).remoteIndex).toBe(fixed.initiatorIndex)
})

test('forged responses are refused and do not keep the right one from being accepted', () => {
  const { message, state, ...ends } = begin(fixed)
  const { message: response } = createResponse(accept(ends, message), {
    sender: 7,
    ephemeral: X25519PrivateKey.generate(),
  })
  const judge = (bytes: Uint8Array): string =>
    consumeResponse(state, ends.initiator, ends.responderSeen, bytes, 0).kind
  for (const at of [Response.ephemeral, Response.empty, Response.mac1 - 1]) {
    const forged = Uint8Array.from(response)
    forged[at] = (forged[at] ?? 0) ^ 1
    expect(judge(forged)).toBe('rejected')
  }
  expect(judge(response)).toBe('responseAccepted')
})

test('another preshared key makes a response that is refused', () => {
  const { message, state, ...ends } = begin(fixed)
  const other = remote(ends.responder, ends.initiator.privateKey.publicKey, new Uint8Array(32).fill(0x56))
  const { message: response } = createResponse(accept({ ...ends, initiatorSeen: other }, message), {
    sender: 7,
    ephemeral: X25519PrivateKey.generate(),
  })
  const result = consumeResponse(state, ends.initiator, ends.responderSeen, response, 0)
  expect(result).toEqual({ kind: 'rejected', reason: 'forged' })
})

test('ephemeral keys of low order are refused in both messages, static ones are nobody’s', () => {
  const { message, state, ...ends } = begin(fixed)
  const lowOrder = new Uint8Array(32)
  lowOrder[0] = 1
  const initiation = Uint8Array.from(message)
  initiation.set(lowOrder, Initiation.ephemeral)
  const refused = { kind: 'rejected', reason: 'lowOrderPoint' }
  expect(consumeInitiation(ends.responder, initiation, 0, () => ({ identity: ends.initiatorSeen }))).toEqual(
    refused,
  )
  const response = new Uint8Array(Response.length)
  response.set(lowOrder, Response.ephemeral)
  expect(consumeResponse(state, ends.initiator, ends.responderSeen, response, 0)).toEqual(refused)
  expect(makeRemoteIdentity(ends.initiator, new X25519PublicKey(lowOrder), undefined)).toBeUndefined()
})

test('an initiation from a key that nobody knows is refused', () => {
  const { message, state: _, ...ends } = begin(fixed)
  const result = consumeInitiation(ends.responder, message, 0, () => undefined)
  expect(result).toEqual({ kind: 'rejected', reason: 'unknownPeer' })
})
