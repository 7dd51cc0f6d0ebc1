/** Numbers that look random and are the same in every run: xorshift32. */
export function makeRandom(seed: number): (below: number) => number {
  let state = seed | 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

/**
 * How much of a message a stranger cannot change unnoticed, by its type and length. `mac1 wrong`: all but mac2, which is
 * not looked at without load. `mac1 right`: what the handshake seals; that leaves out the sender's index, which in
 * WireGuard nothing but mac1 protects.
 */
export function meaning(bytes: Uint8Array, kind: 'mac1 wrong' | 'mac1 right'): Uint8Array {
  const hasMacs = (bytes[0] === 1 && bytes.length === 148) || (bytes[0] === 2 && bytes.length === 92)
  if (!hasMacs) return bytes
  return kind === 'mac1 wrong' ? bytes.subarray(0, -16) : bytes.subarray(8, -32)
}

/** A datagram made from others in one of the ways in which parsers are broken. Never one that means the same. */
export function mutate(
  originals: readonly Uint8Array[],
  random: (below: number) => number,
  kind: 'mac1 wrong' | 'mac1 right' = 'mac1 wrong',
): Uint8Array {
  const meanings = originals.map((original) => meaning(original, kind))
  for (;;) {
    const bytes = mutateOnce(originals, random)
    const meant = meaning(bytes, kind)
    if (!meanings.some((original) => Buffer.compare(original, meant) === 0)) return bytes
  }
}

function mutateOnce(originals: readonly Uint8Array[], random: (below: number) => number): Uint8Array {
  const pick = (): Uint8Array => Uint8Array.from(originals[random(originals.length)] ?? [])
  const bytes = pick()
  switch (random(9)) {
    case 0: // one bit
      bytes[random(bytes.length)]! ^= 1 << random(8)
      return bytes
    case 1: // several bytes
      for (let times = 1 + random(8); times > 0; times -= 1) bytes[random(bytes.length)] = random(256)
      return bytes
    case 2: // cut
      return bytes.subarray(0, random(bytes.length))
    case 3: // lengthened
      return new Uint8Array([...bytes, ...Array.from({ length: 1 + random(64) }, () => random(256))])
    case 4: {
      // the head of one, the tail of another
      const other = pick()
      other.set(bytes.subarray(0, Math.min(random(bytes.length), other.length)))
      return other
    }
    case 5: // another type
      bytes[0] = random(6)
      return bytes
    case 6: // a point of low order
      return bytes.fill(0, 8 + 4 * random(2), 44)
    case 7: // an interesting number in a field of 32 bits
      new DataView(bytes.buffer).setUint32(
        4 * random(Math.floor(bytes.length / 4)),
        [0, 0xffffffff, 1, 0x80000000][random(4)] ?? 0,
      )
      return bytes
    default: {
      // nothing but noise, perhaps of a right length and type
      const noise = Uint8Array.from({ length: [148, 92, 64, 32, 33, random(200)][random(6)] ?? 0 }, () =>
        random(256),
      )
      if (noise.length > 4 && random(2) === 0) noise.set([1 + random(4), 0, 0, 0])
      return noise
    }
  }
}
