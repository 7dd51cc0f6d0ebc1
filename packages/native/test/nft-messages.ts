import {
  align4,
  ATTRIBUTE_HEADER_SIZE,
  NLA_TYPE_MASK,
  NLM_F_DUMP,
  NLM_F_REQUEST,
} from '../src/kernel-network/netlink/constants.ts'
import { Attributes } from '../src/kernel-network/netlink/attributes.ts'
import { Conversation } from '../src/kernel-network/netlink/conversation.ts'
import type { NetlinkMessage } from '../src/kernel-network/netlink/message-reader.ts'
import { NetlinkSocket } from '../src/kernel-network/netlink/socket.ts'
import { NFNL_SUBSYS_NFTABLES, NFPROTO_INET, TABLE_NAME } from '../src/kernel-network/nft/numbers.ts'

const NETLINK_NETFILTER = 12
/** struct nfgenmsg */
const GENERIC_HEADER = 4
/** enum nf_tables_msg_types, and the attribute of each answer that holds a handle: a number that tells nothing. */
const GET_CHAIN = { type: 4, handle: 2 }
const GET_RULE = { type: 7, handle: 3 }
const GET_SET = { type: 10, handle: 16 }
const GET_ELEMENTS = { type: 13 }
/** NFTA_RULE_POSITION is the handle of the rule before it. */
const RULE_POSITION = 6
/** NFTA_SET_ELEM_LIST_ELEMENTS */
const LIST_ELEMENTS = 3
const SET_NAME = 2

/** Everything of a table as the kernel tells it: attributes in hexadecimal, without handles. */
export interface NftMessages {
  readonly chains: readonly string[]
  /** In their order within each chain. */
  readonly rules: readonly string[]
  /** Each with its elements, sorted. */
  readonly sets: readonly { readonly set: string; readonly elements: readonly string[] }[]
}

/**
 * What the kernel holds of a table of family `inet`, to the byte: two tables that are told alike do the same. In the
 * network namespace that the calling thread is in.
 *
 * @throws SystemError ENOENT where there is none
 */
export function listNftMessages(table: string): NftMessages {
  const socket = NetlinkSocket.open(NETLINK_NETFILTER)
  try {
    const conversation = new Conversation(socket)
    const names: string[] = []
    const known = new Attributes(SET_NAME)
    const chains = dump(conversation, GET_CHAIN, table, undefined, (message) =>
      known.read(message.source, message.start + GENERIC_HEADER, message.end).text(TABLE_NAME) === table
        ? attributesOf(message, [GET_CHAIN.handle])
        : undefined,
    )
    const rules = dump(conversation, GET_RULE, table, undefined, (message) =>
      attributesOf(message, [GET_RULE.handle, RULE_POSITION]),
    )
    const sets = dump(conversation, GET_SET, table, undefined, (message) => {
      names.push(known.read(message.source, message.start + GENERIC_HEADER, message.end).text(SET_NAME) ?? '')
      return attributesOf(message, [GET_SET.handle])
    })
    return {
      chains,
      rules,
      sets: sets.map((set, at) => ({
        set,
        elements: dump(conversation, GET_ELEMENTS, table, names[at], elementsOf).flat().toSorted(),
      })),
    }
  } finally {
    socket.closeInThread()
  }
}

function dump<Item>(
  conversation: Conversation,
  { type }: { readonly type: number },
  table: string,
  set: string | undefined,
  read: (message: NetlinkMessage) => Item | undefined,
): Item[] {
  return conversation.dump((writer, sequence) => {
    writer.begin((NFNL_SUBSYS_NFTABLES << 8) | type, NLM_F_REQUEST | NLM_F_DUMP, sequence)
    writer.u32(NFPROTO_INET)
    if (type !== GET_CHAIN.type) writer.attributeText(TABLE_NAME, table)
    if (set !== undefined) writer.attributeText(SET_NAME, set)
    writer.end()
  }, read)
}

function attributesOf({ source, start, end }: NetlinkMessage, without: readonly number[]): string {
  const texts: string[] = []
  for (const { type, from, to } of attributes(source, start + GENERIC_HEADER, end)) {
    if (!without.includes(type)) texts.push(source.toString('hex', from, to))
  }
  return texts.join(' ')
}

function elementsOf({ source, start, end }: NetlinkMessage): string[] {
  const elements: string[] = []
  for (const list of attributes(source, start + GENERIC_HEADER, end)) {
    if (list.type !== LIST_ELEMENTS) continue
    for (const { from, to } of attributes(source, list.from + ATTRIBUTE_HEADER_SIZE, list.to)) {
      elements.push(source.toString('hex', from + ATTRIBUTE_HEADER_SIZE, to))
    }
  }
  return elements
}

function* attributes(
  source: Buffer,
  start: number,
  end: number,
): Generator<{ readonly type: number; readonly from: number; readonly to: number }, void, undefined> {
  for (let from = start; from + ATTRIBUTE_HEADER_SIZE <= end;) {
    const to = from + source.readUInt16LE(from)
    if (to < from + ATTRIBUTE_HEADER_SIZE || to > end) return
    yield { type: source.readUInt16LE(from + 2) & NLA_TYPE_MASK, from, to }
    from += align4(to - from)
  }
}
