import { type AddressWords, bitAt, commonBits } from './address-words.ts'
import type { Prefix } from './prefix.ts'

/** What a longest-prefix lookup found: the longest stored prefix that contains the address, and its value. */
export interface PrefixMatch<T> {
  readonly prefix: Prefix
  readonly value: T
}

/**
 * A node of the path-compressed trie: the bits its whole subtree shares. A node without an entry exists only where two
 * subtrees part, so it always has both children.
 */
export interface Node<T> {
  readonly words: AddressWords
  readonly length: number
  entry: PrefixMatch<T> | undefined
  readonly children: [Node<T> | undefined, Node<T> | undefined]
}

/** Puts an entry below `node`. Returns the node that now stands there and whether the prefix is new. */
export function insert<T>(
  node: Node<T> | undefined,
  words: AddressWords,
  length: number,
  entry: PrefixMatch<T>,
): { node: Node<T>; added: boolean } {
  if (node === undefined) return { node: leaf(words, length, entry), added: true }
  const shared = Math.min(commonBits(node.words, words), node.length, length)
  if (shared < node.length) {
    const parent = leaf<T>(words, shared, undefined)
    parent.children[bitAt(node.words, shared)] = node
    if (shared === length) parent.entry = entry
    else parent.children[bitAt(words, shared)] = leaf(words, length, entry)
    return { node: parent, added: true }
  }
  if (length === node.length) {
    const added = node.entry === undefined
    node.entry = entry
    return { node, added }
  }
  const bit = bitAt(words, node.length)
  const below = insert(node.children[bit], words, length, entry)
  node.children[bit] = below.node
  return { node, added: below.added }
}

/** Takes an entry away and closes the gap. Returns the node that now stands there, if any. */
export function remove<T>(
  node: Node<T> | undefined,
  words: AddressWords,
  length: number,
): { node: Node<T> | undefined; removed: boolean } {
  if (node === undefined || length < node.length || commonBits(node.words, words) < node.length) {
    return { node, removed: false }
  }
  let removed = false
  if (length === node.length) {
    removed = node.entry !== undefined
    node.entry = undefined
  } else {
    const bit = bitAt(words, node.length)
    const below = remove(node.children[bit], words, length)
    node.children[bit] = below.node
    removed = below.removed
  }
  const [zero, one] = node.children
  const needed = node.entry !== undefined || (zero !== undefined && one !== undefined)
  return { node: needed ? node : (zero ?? one), removed }
}

/** The entry of exactly this prefix. */
export function findExact<T>(
  root: Node<T> | undefined,
  words: AddressWords,
  length: number,
): PrefixMatch<T> | undefined {
  let node = root
  while (node !== undefined && node.length <= length && commonBits(node.words, words) >= node.length) {
    if (node.length === length) return node.entry
    node = node.children[bitAt(words, node.length)]
  }
  return undefined
}

/** The entry of the longest prefix that contains the address. */
export function findLongest<T>(root: Node<T> | undefined, words: AddressWords): PrefixMatch<T> | undefined {
  let best: PrefixMatch<T> | undefined
  let node = root
  while (node !== undefined && commonBits(node.words, words) >= node.length) {
    best = node.entry ?? best
    node = node.children[bitAt(words, node.length)]
  }
  return best
}

/** Every entry of the subtree, parents before children, zeros before ones. */
export function* entriesOf<T>(node: Node<T> | undefined): Generator<PrefixMatch<T>> {
  if (node === undefined) return
  if (node.entry !== undefined) yield node.entry
  yield* entriesOf(node.children[0])
  yield* entriesOf(node.children[1])
}

function leaf<T>(words: AddressWords, length: number, entry: PrefixMatch<T> | undefined): Node<T> {
  return { words, length, entry, children: [undefined, undefined] }
}
