import type { Arena } from '../arena/arena.ts'
import { type AeadBackend, keyLength, lastCounter, tagLength } from './aead.ts'

/** One thing that every backend must do. `run` throws when it does not. */
export interface ComplianceCheck {
  readonly name: string
  readonly run: () => void
}

/**
 * What an {@link AeadBackend} promises, as checks for any test runner. Published vectors are checked below this level,
 * by `givesKnownAnswer`, because they need nonces that a sealer never makes.
 *
 * @param create a fresh backend on a fresh arena
 * @param reference seals independently of the backends: contents and tag of one packet
 */
export function aeadCompliance(
  create: () => { readonly backend: AeadBackend; readonly arena: Arena },
  reference: (key: Uint8Array, counter: bigint, contents: Uint8Array) => Uint8Array,
): ComplianceCheck[] {
  const lengths = [0, 1, 15, 16, 17, 63, 64, 65, 1420, 65_519]
  const check = (name: string, run: (bench: Bench) => void): ComplianceCheck => ({
    name,
    run: () => run(new Bench(create())),
  })
  return [
    ...lengths.map((length) =>
      check(`${length} bytes are sealed as by the reference, and opened`, (bench) => {
        using sealer = bench.sealer(1)
        using opener = bench.opener(1)
        for (let counter = 0; counter < 3; counter++) {
          const contents = bench.fill(length, counter)
          equal(sealer.seal(bench.a, length, bench.b), counter, 'counter')
          same(bench.at(bench.b, length + tagLength), reference(testKey(1), BigInt(counter), contents))
          equal(opener.open(bench.b, length + tagLength, bench.a, counter), length, 'length')
          same(bench.at(bench.a, length), contents)
        }
      }),
    ),
    check('sealing and opening work in place', (bench) => {
      using sealer = bench.sealer(2)
      using opener = bench.opener(2)
      const contents = bench.fill(1000, 7)
      sealer.seal(bench.a, 1000, bench.a)
      equal(opener.open(bench.a, 1000 + tagLength, bench.a, 0), 1000, 'length')
      same(bench.at(bench.a, 1000), contents)
    }),
    check('nothing outside the target is written', (bench) => {
      using sealer = bench.sealer(2)
      bench.arena.bytes.fill(0xee, bench.b - 8, bench.b + 200)
      sealer.seal(bench.a, 100, bench.b)
      const around = [...bench.at(bench.b - 8, 8), ...bench.at(bench.b + 116, 8)]
      if (around.some((byte) => byte !== 0xee)) throw new Error('bytes around the target changed')
    }),
    check('counters go up by one and are never used twice', (bench) => {
      using sealer = bench.sealer(3)
      const used = Array.from({ length: 1000 }, () => sealer.seal(bench.a, 20, bench.b))
      equal(new Set(used).size, 1000, 'different counters')
      equal(sealer.counter, 1000, 'next counter')
    }),
    ...[0, 99, 100, 115].map((at) =>
      check(`a packet with byte ${at} changed is refused, and the right one still opens`, (bench) => {
        using sealer = bench.sealer(4)
        using opener = bench.opener(4)
        bench.fill(100, 1)
        sealer.seal(bench.a, 100, bench.b)
        const sealed = bench.at(bench.b, 116).slice()
        bench.arena.bytes[bench.b + at] = (sealed[at] ?? 0) ^ 0x10
        equal(opener.open(bench.b, 116, bench.a, 0), -1, 'changed packet')
        bench.arena.bytes.set(sealed, bench.b)
        equal(opener.open(bench.b, 116, bench.a, 0), 100, 'right packet')
      }),
    ),
    check('another counter, another key, a cut or a longer packet are refused', (bench) => {
      using sealer = bench.sealer(5)
      using opener = bench.opener(5)
      using stranger = bench.opener(6)
      sealer.seal(bench.a, 50, bench.b)
      equal(opener.open(bench.b, 66, bench.a, 1), -1, 'another counter')
      equal(stranger.open(bench.b, 66, bench.a, 0), -1, 'another key')
      equal(opener.open(bench.b, 65, bench.a, 0), -1, 'cut')
      equal(opener.open(bench.b, 67, bench.a, 0), -1, 'longer')
      equal(opener.open(bench.b, 66, bench.a, 0), 50, 'right')
    }),
    ...[0, 1, tagLength - 1].map((length) =>
      check(`${length} bytes are no packet`, (bench) => {
        using opener = bench.opener(5)
        equal(opener.open(bench.b, length, bench.a, 0), -1, 'length')
      }),
    ),
    ...[-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, lastCounter + 1].map((counter) =>
      check(`the counter ${counter} opens nothing`, (bench) => {
        using opener = bench.opener(5)
        equal(opener.open(bench.b, 100, bench.a, counter), -1, 'counter')
      }),
    ),
    check('counters beyond 32 bits open what the reference sealed', (bench) => {
      using opener = bench.opener(7)
      for (const counter of [2 ** 32, 2 ** 40 + 5, lastCounter]) {
        const contents = bench.fill(64, 3)
        const sealed = reference(testKey(7), BigInt(counter), contents)
        bench.arena.bytes.set(sealed, bench.b)
        equal(opener.open(bench.b, sealed.length, bench.a, counter), 64, `counter ${counter}`)
      }
    }),
    check('the key is taken: zeroed, and not accepted again', (bench) => {
      const key = testKey(8)
      bench.backend.sealer(key)[Symbol.dispose]()
      if (key.some((byte) => byte !== 0)) throw new Error('the key is still there')
      throws(() => bench.backend.sealer(key), 'a second sealer')
      throws(() => bench.backend.opener(key), 'an opener of it')
    }),
    check('no copy of the key stays in the arena', (bench) => {
      using _sealer = bench.sealer(9)
      using _opener = bench.opener(9)
      const found = Buffer.from(bench.arena.bytes.buffer).indexOf(testKey(9).subarray(0, 8))
      equal(found, -1, 'offset of the key')
    }),
    check('keys of a wrong length are refused', (bench) => {
      for (const length of [0, 31, 33])
        throws(() => bench.backend.sealer(new Uint8Array(length).fill(1)), `${length}`)
    }),
    check('after disposal, which may be repeated, nothing is sealed or opened', (bench) => {
      const sealer = bench.sealer(1)
      const opener = bench.opener(1)
      for (let time = 0; time < 2; time++) {
        sealer[Symbol.dispose]()
        opener[Symbol.dispose]()
      }
      throws(() => sealer.seal(bench.a, 1, bench.b), 'seal')
      throws(() => opener.open(bench.a, 17, bench.b, 0), 'open')
    }),
  ]
}

/** A backend with two areas of its arena. */
class Bench {
  readonly backend: AeadBackend
  readonly arena: Arena
  readonly a: number
  readonly b: number

  constructor({ backend, arena }: { readonly backend: AeadBackend; readonly arena: Arena }) {
    this.backend = backend
    this.arena = arena
    this.a = arena.allocate(66_000)
    this.b = arena.allocate(66_000)
  }

  sealer(seed: number): ReturnType<AeadBackend['sealer']> {
    return this.backend.sealer(testKey(seed))
  }

  opener(seed: number): ReturnType<AeadBackend['opener']> {
    return this.backend.opener(testKey(seed))
  }

  at(offset: number, length: number): Uint8Array {
    return this.arena.slice(offset, length)
  }

  /** Fills the first area and returns a copy. */
  fill(length: number, seed: number): Uint8Array {
    const contents = Uint8Array.from({ length }, (_, index) => index * 31 + seed)
    this.arena.bytes.set(contents, this.a)
    return contents
  }
}

function testKey(seed: number): Uint8Array {
  return Uint8Array.from({ length: keyLength }, (_, index) => (index * 17 + seed * 101 + 13) & 0xff)
}

function equal(actual: number, expected: number, what: string): void {
  if (actual !== expected) throw new Error(`${what}: ${actual} instead of ${expected}`)
}

function same(actual: Uint8Array, expected: Uint8Array): void {
  if (Buffer.compare(actual, expected) !== 0) throw new Error('bytes differ')
}

function throws(action: () => unknown, what: string): void {
  try {
    action()
  } catch {
    return
  }
  throw new Error(`${what}: did not throw`)
}
