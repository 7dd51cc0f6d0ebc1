import * as fc from 'fast-check'
import { type Address, addressWidth, type Family, makePrefix, type Prefix } from '../src/index.ts'

/** Any address of one family; half of them share their leading bits, so that prefixes meet. */
export function addressOf(family: Family): fc.Arbitrary<Address> {
  const width = addressWidth(family)
  const max = (1n << BigInt(width)) - 1n
  const crowded = fc.bigInt(0n, 255n).map((low) => (0x0an << BigInt(width - 8)) | low)
  return fc.oneof(fc.bigInt(0n, max), crowded).map((value) => ({ family, value }))
}

/** Any address. */
export const anyAddress: fc.Arbitrary<Address> = fc.oneof(addressOf(4), addressOf(6))

/** Any prefix; long and short ones equally often. */
export const anyPrefix: fc.Arbitrary<Prefix> = anyAddress.chain((address) => {
  const width = addressWidth(address.family)
  return fc
    .oneof(fc.integer({ min: 0, max: width }), fc.integer({ min: width - 9, max: width }))
    .map((length) => makePrefix(address, length))
})

/** Texts close to addresses: valid ones, then broken in one place, and soups of their characters. */
export const addressLikeText: fc.Arbitrary<string> = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.ipV4Extended(),
  fc
    .array(
      fc.constantFrom('0', '1', '255', '256', '01', 'f', 'ffff', '10000', ':', '::', '.', ' ', '/', '-', 'g'),
      {
        maxLength: 17,
      },
    )
    .map((pieces) => pieces.join('')),
  fc
    .array(fc.constantFrom('0', 'a', 'ffff', '1.2.3.4', ''), { minLength: 2, maxLength: 10 })
    .map((pieces) => pieces.join(':')),
  fc
    .tuple(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(), fc.constantFrom('', ' ', '0', ':', '.', '\0', '١', 'x'))
    .map(
      ([text, at, piece]) =>
        `${text.slice(0, at % (text.length + 1))}${piece}${text.slice(at % (text.length + 1))}`,
    ),
  fc.string(),
)
