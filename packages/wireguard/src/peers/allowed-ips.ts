import { type Family, formatPrefix, type Prefix, PrefixTrie } from '@vpnext/ip'

/**
 * Which peer an inner address belongs to (section 2.1, "cryptokey routing"). A prefix belongs to one peer: giving it to
 * another takes it from the first.
 */
export class AllowedIps<Owner> {
  readonly #trie = new PrefixTrie<Owner>()
  readonly #byOwner = new Map<Owner, Map<string, Prefix>>()

  /** Prefixes of all peers. */
  get size(): number {
    return this.#trie.size
  }

  add(prefix: Prefix, owner: Owner): void {
    const name = formatPrefix(prefix)
    const before = this.#trie.get(prefix)
    if (before !== undefined) this.#byOwner.get(before)?.delete(name)
    this.#trie.set(prefix, owner)
    const owned = this.#byOwner.get(owner) ?? new Map<string, Prefix>()
    this.#byOwner.set(owner, owned.set(name, prefix))
  }

  /** Takes all prefixes from a peer. */
  removeOwner(owner: Owner): void {
    for (const prefix of this.prefixesOf(owner)) this.#trie.delete(prefix)
    this.#byOwner.delete(owner)
  }

  /** The prefixes of a peer, in the order in which they were added. */
  prefixesOf(owner: Owner): Prefix[] {
    return [...(this.#byOwner.get(owner)?.values() ?? [])]
  }

  /**
   * The peer whose longest prefix contains the address at `offset`.
   *
   * @throws RangeError when the address reaches beyond the end of `bytes`
   */
  lookup(family: Family, bytes: Uint8Array, offset: number): Owner | undefined {
    return this.#trie.lookupBytes(family, bytes, offset)?.value
  }
}
