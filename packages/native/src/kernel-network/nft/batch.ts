import { NLM_F_CREATE, NLM_F_REQUEST } from '../netlink/constants.ts'
import { BatchWriter } from './batch-writer.ts'
import type { NftCommand, NftHook, NftKeyType, NftSet } from './command.ts'
import { elementKey, intervalKeys, keyForm, NETWORK_ORDER } from './element.ts'
import { ANONYMOUS_SET, ICMPV6_TYPES, writeRule } from './rule.ts'
import type { NftIcmpv6Type, NftStatement } from './statement.ts'

/** include/uapi/linux/netfilter/nfnetlink.h */
export const NFNL_SUBSYS_NFTABLES = 10
const NFNL_MSG_BATCH_BEGIN = 16
const NFNL_MSG_BATCH_END = 17
const NLM_F_APPEND = 0x800

/** enum nf_tables_msg_types */
const NEW_TABLE = 0
export const GET_TABLE = 1
const DELETE_TABLE = 2
const NEW_CHAIN = 3
const DELETE_CHAIN = 5
const NEW_RULE = 6
const DELETE_RULE = 8
const NEW_SET = 9
const DELETE_SET = 11
const NEW_ELEMENT = 12
const DELETE_ELEMENT = 14

/** The family `inet`. */
export const NFPROTO_INET = 1
const NFPROTO_UNSPEC = 0

/** The first attribute of nearly everything is the table's name. */
export const TABLE_NAME = 1
/** enum nft_table_attributes, nft_chain_attributes, nft_rule_attributes, nft_set_attributes, nft_set_elem_list_attributes */
const TABLE_FLAGS = 2
const CHAIN_NAME = 3
const CHAIN_HOOK = 4
const CHAIN_POLICY = 5
const CHAIN_TYPE = 7
const RULE_CHAIN = 2
const RULE_EXPRESSIONS = 4
const SET_NAME = 2
const SET_FLAGS = 3
const SET_KEY_TYPE = 4
const SET_KEY_SIZE = 5
const SET_DESCRIPTION = 9
const SET_ID = 10
const SET_USERDATA = 13
const LIST_ELEMENTS = 3
const LIST_SET_ID = 4
/** enum nft_set_elem_attributes */
const ELEMENT_KEY = 1
const ELEMENT_FLAGS = 3
const ELEMENT_USERDATA = 6
const LIST_ELEMENT = 1

/** enum nft_set_flags */
const SET_ANONYMOUS = 0x1
const SET_CONSTANT = 0x2
const SET_INTERVAL = 0x4
/** enum nft_set_elem_flags */
const INTERVAL_END = 0x1

/** linux/netfilter.h */
const HOOKS: Readonly<Record<NftHook['hook'], number>> = { prerouting: 0, output: 3, postrouting: 4 }
const NF_ACCEPT = 1

const ICMPV6_TYPE = 29
/** What nft keeps with a set of ICMPv6 types: network order; the key is the field `type` of the payload icmpv6. */
const ICMPV6_USER_DATA = Buffer.concat([
  NETWORK_ORDER,
  Buffer.from('0314000407000000010c00040e000000010401000000', 'hex'),
])
/** NFTNL_UDATA_SET_ELEM_FLAGS: the interval has no end (NFTNL_SET_ELEM_F_INTERVAL_OPEN). */
const OPEN_INTERVAL = Buffer.from('010401000000', 'hex')

/** Bytes of a batch that is worth keeping. */
const MOST_KEPT = 65_536
/** More than any message without elements has. */
const ROOM = 8192
/** Bytes of elements in one message; the attribute around them has a length of 16 bits. */
const ELEMENTS_PER_MESSAGE = 60_000
/** More bytes than one takes, with the end of its interval. */
const ELEMENT_ROOM = 128

/**
 * The commands as one transaction of nf_tables, byte for byte as libnftables 1.0.6 has the kernel see them. Messages carry
 * the position of their command, from 1, as sequence number.
 *
 * What begins with the very same command objects as an earlier batch, as guards do, is copied from there.
 *
 * @throws RangeError for names and elements that nf_tables has no form for
 */
export function encodeNft(commands: readonly NftCommand[]): Uint8Array {
  const batch = new Batch()
  const bytes = batch.encode(commands, before)
  // A short one, as removals are, does not take the place of a guard.
  if (bytes.length <= MOST_KEPT && commands.length >= (before?.commands.length ?? 0))
    before = { commands, batch }
  return bytes
}

/** A batch, and what it was made of. */
interface Encoded {
  readonly commands: readonly NftCommand[]
  readonly batch: Batch
}

let before: Encoded | undefined

class Batch {
  readonly #writer = new BatchWriter()
  /** Where the messages of each command end, words, and how many sets there are by then. */
  readonly #ends: number[] = []
  readonly #setsBy: number[] = []
  #sequence = 0
  #sets = 0

  encode(commands: readonly NftCommand[], like: Encoded | undefined): Uint8Array {
    if (like === undefined || !this.#repeat(commands, like)) this.#boundary(NFNL_MSG_BATCH_BEGIN)
    for (let at = this.#sequence; at < commands.length; at++) {
      const command = commands[at]
      if (command === undefined) continue
      this.#sequence = at + 1
      this.#command(command)
      this.#ends.push(this.#writer.length)
      this.#setsBy.push(this.#sets)
    }
    this.#boundary(NFNL_MSG_BATCH_END)
    return this.#writer.bytes
  }

  /** Copies what the other one begins with, too. @returns false for nothing */
  #repeat(commands: readonly NftCommand[], { commands: others, batch }: Encoded): boolean {
    let same = 0
    while (same < commands.length && commands[same] === others[same]) same++
    const end = batch.#ends[same - 1]
    if (end === undefined) return false
    this.#writer.words(batch.#writer.part(0, end))
    for (let at = 0; at < same; at++) {
      this.#ends.push(batch.#ends[at] ?? 0)
      this.#setsBy.push(batch.#setsBy[at] ?? 0)
    }
    this.#sequence = same
    this.#sets = batch.#setsBy[same - 1] ?? 0
    return true
  }

  #boundary(type: number): void {
    this.#writer.begin(type, NLM_F_REQUEST, 0, NFPROTO_UNSPEC, NFNL_SUBSYS_NFTABLES, ROOM)
    this.#writer.end()
  }

  #begin(type: number, flags: number, table: string): void {
    const kind = (NFNL_SUBSYS_NFTABLES << 8) | type
    this.#writer.begin(kind, NLM_F_REQUEST | flags, this.#sequence, NFPROTO_INET, 0, ROOM)
    this.#writer.text(TABLE_NAME, table)
  }

  #command(command: NftCommand): void {
    const writer = this.#writer
    switch (command.op) {
      case 'addTable':
        this.#begin(NEW_TABLE, 0, command.table)
        writer.u32(TABLE_FLAGS, 0)
        return writer.end()
      case 'deleteTable':
        this.#begin(DELETE_TABLE, 0, command.table)
        return writer.end()
      case 'addChain':
        this.#begin(NEW_CHAIN, NLM_F_CREATE, command.table)
        writer.text(CHAIN_NAME, command.chain)
        if (command.base !== undefined) this.#hook(command.base)
        return writer.end()
      case 'flushChain':
        this.#begin(DELETE_RULE, 0, command.table)
        writer.text(RULE_CHAIN, command.chain)
        return writer.end()
      case 'deleteChain':
        this.#begin(DELETE_CHAIN, 0, command.table)
        writer.text(CHAIN_NAME, command.chain)
        return writer.end()
      case 'addRule':
        return this.#rule(command.table, command.chain, command.rule)
      case 'addSet':
        return this.#set(command.table, command.set)
      case 'flushSet':
        this.#begin(DELETE_ELEMENT, 0, command.table)
        writer.text(SET_NAME, command.set.name)
        return writer.end()
      case 'deleteSet':
        this.#begin(DELETE_SET, 0, command.table)
        writer.text(SET_NAME, command.set.name)
        return writer.end()
      case 'addElements':
        return this.#elements(NEW_ELEMENT, NLM_F_CREATE, command)
      case 'deleteElements':
        return this.#elements(DELETE_ELEMENT, 0, command)
    }
  }

  #hook({ type, hook, priority }: NftHook): void {
    const writer = this.#writer
    writer.text(CHAIN_TYPE, type)
    writer.u32(CHAIN_POLICY, NF_ACCEPT)
    const nested = writer.open(CHAIN_HOOK)
    writer.u32(1, HOOKS[hook])
    writer.u32(2, priority)
    writer.close(nested)
  }

  #rule(table: string, chain: string, statements: readonly NftStatement[]): void {
    const writer = this.#writer
    let anonymous: number | undefined
    for (const statement of statements) {
      if (statement.kind === 'icmpv6' && statement.types.length > 1) {
        anonymous = this.#icmpv6Set(table, statement.types)
      }
    }
    this.#begin(NEW_RULE, NLM_F_CREATE | NLM_F_APPEND, table)
    writer.text(RULE_CHAIN, chain)
    const expressions = writer.open(RULE_EXPRESSIONS)
    writeRule(writer, statements, anonymous)
    writer.close(expressions)
    writer.end()
  }

  #set(table: string, { name, type, interval }: NftSet): void {
    const writer = this.#writer
    const form = keyForm(type)
    this.#begin(NEW_SET, NLM_F_CREATE, table)
    writer.text(SET_NAME, name)
    writer.u32(SET_FLAGS, interval === true ? SET_INTERVAL : 0)
    writer.u32(SET_KEY_TYPE, form.type)
    writer.u32(SET_KEY_SIZE, form.size)
    writer.u32(SET_ID, (this.#sets += 1))
    writer.data(SET_USERDATA, form.userData)
    writer.end()
  }

  /** @returns its id in the batch */
  #icmpv6Set(table: string, types: readonly NftIcmpv6Type[]): number {
    const writer = this.#writer
    const id = (this.#sets += 1)
    this.#begin(NEW_SET, NLM_F_CREATE, table)
    writer.text(SET_NAME, ANONYMOUS_SET)
    writer.u32(SET_FLAGS, SET_ANONYMOUS | SET_CONSTANT)
    writer.u32(SET_KEY_TYPE, ICMPV6_TYPE)
    writer.u32(SET_KEY_SIZE, 1)
    writer.u32(SET_ID, id)
    const description = writer.open(SET_DESCRIPTION)
    writer.u32(1, types.length)
    writer.close(description)
    writer.data(SET_USERDATA, ICMPV6_USER_DATA)
    writer.end()
    this.#begin(NEW_ELEMENT, NLM_F_CREATE, table)
    writer.text(SET_NAME, ANONYMOUS_SET)
    writer.u32(LIST_SET_ID, id)
    const list = writer.open(LIST_ELEMENTS)
    for (const type of types) this.#element(Buffer.of(ICMPV6_TYPES[type]))
    writer.close(list)
    writer.end()
    return id
  }

  #elements(
    type: number,
    flags: number,
    { table, set, elements }: { table: string; set: NftSet; elements: readonly string[] },
  ): void {
    const writer = this.#writer
    for (let next = 0; next < elements.length;) {
      const kind = (NFNL_SUBSYS_NFTABLES << 8) | type
      const room = Math.min(ELEMENTS_PER_MESSAGE, (elements.length - next) * ELEMENT_ROOM)
      writer.begin(kind, NLM_F_REQUEST | flags, this.#sequence, NFPROTO_INET, 0, ROOM + room)
      writer.text(TABLE_NAME, table)
      writer.text(SET_NAME, set.name)
      const list = writer.open(LIST_ELEMENTS)
      const full = writer.length + ELEMENTS_PER_MESSAGE / 4
      for (; next < elements.length && writer.length < full; next++) {
        this.#setElement(set, elements[next] ?? '')
      }
      writer.close(list)
      writer.end()
    }
  }

  #setElement({ type, interval }: NftSet, text: string): void {
    if (interval !== true || !isAddress(type)) return this.#element(elementKey(type, text))
    const { from, behind } = intervalKeys(type, text)
    this.#element(from, 0, behind === undefined ? OPEN_INTERVAL : undefined)
    if (behind !== undefined) this.#element(behind, INTERVAL_END)
  }

  #element(key: Buffer, flags = 0, userData?: Uint8Array): void {
    const writer = this.#writer
    const element = writer.open(LIST_ELEMENT)
    if (flags !== 0) writer.u32(ELEMENT_FLAGS, flags)
    const nested = writer.open(ELEMENT_KEY)
    writer.data(1, key)
    writer.close(nested)
    if (userData !== undefined) writer.data(ELEMENT_USERDATA, userData)
    writer.close(element)
  }
}

function isAddress(type: NftKeyType): type is 'ipv4_addr' | 'ipv6_addr' {
  return type === 'ipv4_addr' || type === 'ipv6_addr'
}
