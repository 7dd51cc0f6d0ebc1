import type { Address, Family } from './address.ts'
import { type AddressWordsRoom, addressToWords, commonBits, readWords } from './address-words.ts'
import { makePrefix, type Prefix } from './prefix.ts'
import {
  entriesOf,
  findExact,
  findLongest,
  insert,
  type Node,
  type PrefixMatch,
  remove,
} from './trie-node.ts'

/**
 * A map from prefixes to values with longest-match lookup: a path-compressed binary trie (PATRICIA), one per family.
 * A lookup visits at most one node per stored prefix on its path and uses 32-bit integers only.
 */
export class PrefixTrie<T> {
  readonly #roots: Record<Family, Node<T> | undefined> = { 4: undefined, 6: undefined }
  /** Where {@link lookupBytes} puts the address it looks for. */
  readonly #sought: AddressWordsRoom = [0, 0, 0, 0]
  /** What it looked for last, and found: most packets go where the one before went. No family: nothing. */
  readonly #latest: AddressWordsRoom = [0, 0, 0, 0]
  #latestFamily: Family | undefined
  #latestMatch: PrefixMatch<T> | undefined
  #size = 0

  /** Number of prefixes stored. */
  get size(): number {
    return this.#size
  }

  /** Stores `value` under `prefix`, in place of an earlier value. */
  set(prefix: Prefix, value: T): void {
    this.#latestFamily = undefined
    const { family } = prefix.address
    const kept = makePrefix(prefix.address, prefix.length)
    const words = addressToWords(kept.address)
    const { node, added } = insert(this.#roots[family], words, prefix.length, { prefix: kept, value })
    this.#roots[family] = node
    if (added) this.#size += 1
  }

  /** The value stored under exactly `prefix`, or `undefined`. */
  get(prefix: Prefix): T | undefined {
    return findExact(this.#roots[prefix.address.family], addressToWords(prefix.address), prefix.length)?.value
  }

  /** The longest stored prefix that contains `address`, with its value, or `undefined`. */
  lookup(address: Address): PrefixMatch<T> | undefined {
    return findLongest(this.#roots[address.family], addressToWords(address))
  }

  /**
   * Like {@link lookup}, for the packet path: reads the address straight from a packet, without BigInt and without
   * making an object.
   *
   * @param family which address to read: 4 bytes or 16 bytes
   * @param bytes a packet, or any bytes
   * @param offset where the address begins, in bytes
   * @throws RangeError when the address reaches beyond the end of `bytes`
   */
  lookupBytes(family: Family, bytes: Uint8Array, offset: number): PrefixMatch<T> | undefined {
    const sought = this.#sought
    readWords(sought, family, bytes, offset)
    const latest = this.#latest
    const same = family === this.#latestFamily && commonBits(latest, sought) === 128
    if (same) return this.#latestMatch
    this.#latestFamily = family
    for (let word = 0; word < 4; word++) latest[word] = sought[word] ?? 0
    this.#latestMatch = findLongest(this.#roots[family], sought)
    return this.#latestMatch
  }

  /** Removes exactly `prefix`. Returns false when it was not stored. */
  delete(prefix: Prefix): boolean {
    this.#latestFamily = undefined
    this.#latestMatch = undefined
    const { family } = prefix.address
    const { node, removed } = remove(this.#roots[family], addressToWords(prefix.address), prefix.length)
    this.#roots[family] = node
    if (removed) this.#size -= 1
    return removed
  }

  /** All prefixes with their values: IPv4 before IPv6, by network address, the shorter prefix first. */
  *entries(): Generator<[Prefix, T]> {
    for (const family of [4, 6] as const) {
      for (const { prefix, value } of entriesOf(this.#roots[family])) yield [prefix, value]
    }
  }
}
