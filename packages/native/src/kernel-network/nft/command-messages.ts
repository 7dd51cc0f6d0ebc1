import { NLM_F_CREATE, NLM_F_REQUEST } from '../netlink/constants.ts'
import { BatchWriter } from './batch-writer.ts'
import type { NftCommand, NftHook, NftKeyType, NftSet } from './command.ts'
import { elementKey, intervalKeys, keyForm, NETWORK_ORDER } from './element.ts'
import {
  CHAIN_HOOK,
  CHAIN_NAME,
  CHAIN_POLICY,
  CHAIN_TYPE,
  DELETE_CHAIN,
  DELETE_ELEMENT,
  DELETE_RULE,
  DELETE_SET,
  DELETE_TABLE,
  ELEMENT_FLAGS,
  ELEMENT_KEY,
  ELEMENT_USERDATA,
  HOOKS,
  INTERVAL_END,
  LIST_ELEMENT,
  LIST_ELEMENTS,
  LIST_SET_ID,
  NEW_CHAIN,
  NEW_ELEMENT,
  NEW_RULE,
  NEW_SET,
  NEW_TABLE,
  NFNL_MSG_BATCH_BEGIN,
  NFNL_MSG_BATCH_END,
  NFNL_SUBSYS_NFTABLES,
  NFPROTO_INET,
  NFPROTO_UNSPEC,
  NF_ACCEPT,
  NLM_F_APPEND,
  RULE_CHAIN,
  RULE_EXPRESSIONS,
  SET_ANONYMOUS,
  SET_CONSTANT,
  SET_DESCRIPTION,
  SET_FLAGS,
  SET_ID,
  SET_INTERVAL,
  SET_KEY_SIZE,
  SET_KEY_TYPE,
  SET_NAME,
  SET_USERDATA,
  TABLE_FLAGS,
  TABLE_NAME,
} from './numbers.ts'
import { ANONYMOUS_SET, ICMPV6_TYPES, writeRule } from './rule.ts'
import type { NftIcmpv6Type, NftStatement } from './statement.ts'

const ICMPV6_TYPE = 29
/** What nft keeps with a set of ICMPv6 types: network order; the key is the field `type` of the payload icmpv6. */
const ICMPV6_USER_DATA = Buffer.concat([
  NETWORK_ORDER,
  Buffer.from('0314000407000000010c00040e000000010401000000', 'hex'),
])
/** NFTNL_UDATA_SET_ELEM_FLAGS: the interval has no end (NFTNL_SET_ELEM_F_INTERVAL_OPEN). */
const OPEN_INTERVAL = Buffer.from('010401000000', 'hex')

/** More than any message without elements has. */
const ROOM = 8192
/** Bytes of elements in one message; the attribute around them has a length of 16 bits. */
const ELEMENTS_PER_MESSAGE = 60_000
/** More bytes than one takes, with the end of its interval. */
const ELEMENT_ROOM = 128

/** Writes commands as messages of nf_tables, byte for byte as libnftables 1.0.6 does. */
export class CommandMessages {
  readonly writer: BatchWriter = new BatchWriter()
  /** How many sets there are so far: each has a number in its batch. */
  sets = 0
  #sequence = 0

  /** What a batch begins and ends with. */
  boundary(type: typeof NFNL_MSG_BATCH_BEGIN | typeof NFNL_MSG_BATCH_END): void {
    this.writer.begin(type, NLM_F_REQUEST, 0, NFPROTO_UNSPEC, NFNL_SUBSYS_NFTABLES, ROOM)
    this.writer.end()
  }

  /** Its messages. @param sequence what they are numbered with */
  write(command: NftCommand, sequence: number): void {
    this.#sequence = sequence
    const writer = this.writer
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

  #begin(type: number, flags: number, table: string): void {
    const kind = (NFNL_SUBSYS_NFTABLES << 8) | type
    this.writer.begin(kind, NLM_F_REQUEST | flags, this.#sequence, NFPROTO_INET, 0, ROOM)
    this.writer.text(TABLE_NAME, table)
  }

  #hook({ type, hook, priority }: NftHook): void {
    const writer = this.writer
    writer.text(CHAIN_TYPE, type)
    writer.u32(CHAIN_POLICY, NF_ACCEPT)
    const nested = writer.open(CHAIN_HOOK)
    writer.u32(1, HOOKS[hook])
    writer.u32(2, priority)
    writer.close(nested)
  }

  #rule(table: string, chain: string, statements: readonly NftStatement[]): void {
    const writer = this.writer
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
    const writer = this.writer
    const form = keyForm(type)
    this.#begin(NEW_SET, NLM_F_CREATE, table)
    writer.text(SET_NAME, name)
    writer.u32(SET_FLAGS, interval === true ? SET_INTERVAL : 0)
    writer.u32(SET_KEY_TYPE, form.type)
    writer.u32(SET_KEY_SIZE, form.size)
    writer.u32(SET_ID, (this.sets += 1))
    writer.data(SET_USERDATA, form.userData)
    writer.end()
  }

  /** @returns its id in the batch */
  #icmpv6Set(table: string, types: readonly NftIcmpv6Type[]): number {
    const writer = this.writer
    const id = (this.sets += 1)
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
    const writer = this.writer
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
    const writer = this.writer
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
