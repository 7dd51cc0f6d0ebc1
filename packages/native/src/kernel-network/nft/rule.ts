import { elementKey, interfaceKey } from './element.ts'
import { type BatchWriter, networkOrder } from './batch-writer.ts'
import * as expression from './expression.ts'
import type { NftAddressField, NftIcmpType, NftIcmpv6Type, NftStatement } from './statement.ts'

/** What the rule has made sure of so far: nft asks for a protocol before it looks into its header, once. */
interface Known {
  family: 4 | 6 | undefined
  protocol: number | undefined
}

const IPPROTO_ICMP = 1
const IPPROTO_TCP = 6
const IPPROTO_UDP = 17
const IPPROTO_ICMPV6 = 58

/** enum nf_inet_protos: NFPROTO_IPV4, NFPROTO_IPV6. */
const FAMILY = { 4: 2, 6: 10 } as const
/** Offsets of addresses in the headers of RFC 791 and RFC 8200, bytes. */
const ADDRESS_OFFSET = { 4: { saddr: 12, daddr: 16 }, 6: { saddr: 8, daddr: 24 } } as const
const ADDRESS_SIZE = { 4: 4, 6: 16 } as const
const HOP_LIMIT_OFFSET = 7
const TCP_FLAGS_OFFSET = 13
const SOURCE_PORT = 0
const DESTINATION_PORT = 2
const PORT_SIZE = 2

/** RFC 9293, 3.1: FIN, SYN, RST, ACK. */
const TCP_FLAGS = 0x01 | 0x02 | 0x04 | 0x10
const TCP_SYN = 0x02
/** RFC 8684, 3: the kind of the option; the subtype is in the upper half of its third byte, that of MP_JOIN is 1. */
const MPTCP_OPTION = 30
const MPTCP_SUBTYPE = { offset: 2, mask: 0xf0, join: 0x10 } as const
/** RFC 792 */
const ICMP_TYPES: Readonly<Record<NftIcmpType, number>> = {
  'destination-unreachable': 3,
  'source-quench': 4,
  redirect: 5,
  'echo-request': 8,
  'time-exceeded': 11,
  'parameter-problem': 12,
}
/** RFC 4443, 2.1: those below are errors. */
const ICMPV6_INFORMATION = 128
/** Of an ICMP error, bytes; behind it is the header of the packet that it is about. */
const ICMP_HEADER_SIZE = 8
/** RFC 4443, RFC 4861 */
export const ICMPV6_TYPES: Readonly<Record<NftIcmpv6Type, number>> = {
  'echo-request': 128,
  'nd-router-solicit': 133,
  'nd-router-advert': 134,
  'nd-neighbor-solicit': 135,
  'nd-neighbor-advert': 136,
  'nd-redirect': 137,
}
/** enum ip_conntrack_info as bits of a state: NF_CT_STATE_BIT. */
const CONNECTION_STATE = { established: 1 << 1, new: 1 << 3 } as const
/** enum ip_conntrack_dir */
const DIRECTION = { original: 0, reply: 1 } as const
/** linux/rtnetlink.h */
const RTN_UNICAST = 1
const RTN_LOCAL = 2
/** enum nft_reject_types and nft_reject_inet_code */
const REJECT_TCP_RESET = 1
const REJECT_ICMPX = 2
const ADMIN_PROHIBITED = 3

/**
 * The registers of what follows an address in a concatenation: 32 bits each, behind those of the address. What starts at
 * 128 bits has the number of the large register.
 */
const AFTER_ADDRESS = { 4: [9, 10], 6: [2, 13] } as const

/**
 * Writes a rule's expressions.
 *
 * @param anonymousSet id, in its batch, of the set of a statement that names several values
 * @throws RangeError for the name of a device that cannot be one
 */
export function writeRule(
  writer: BatchWriter,
  statements: readonly NftStatement[],
  anonymousSet: number | undefined,
): void {
  const known: Known = { family: undefined, protocol: undefined }
  for (const statement of statements) writeStatement(writer, statement, known, anonymousSet)
}

function writeStatement(
  writer: BatchWriter,
  statement: NftStatement,
  known: Known,
  anonymousSet: number | undefined,
): void {
  switch (statement.kind) {
    case 'interface':
      loadInterface(writer, statement.side)
      return expression.compareBytes(writer, interfaceKey(statement.name))
    case 'interfaceIn':
      loadInterface(writer, statement.side)
      return expression.lookUp(writer, statement.set)
    case 'tcp':
      return needProtocol(writer, known, IPPROTO_TCP)
    case 'tcpSyn':
      needProtocol(writer, known, IPPROTO_TCP)
      expression.loadPayload(writer, expression.TRANSPORT_HEADER, TCP_FLAGS_OFFSET, 1)
      expression.bitwise(writer, TCP_FLAGS, 0, 1)
      return expression.compare(writer, expression.EQUAL, TCP_SYN, 1)
    case 'mptcpJoin':
      expression.loadTcpOption(writer, MPTCP_OPTION, MPTCP_SUBTYPE.offset, 1)
      expression.bitwise(writer, MPTCP_SUBTYPE.mask, 0, 1)
      return expression.compare(writer, expression.EQUAL, MPTCP_SUBTYPE.join, 1)
    case 'udpBelow':
      needProtocol(writer, known, IPPROTO_UDP)
      expression.loadPayload(writer, expression.TRANSPORT_HEADER, DESTINATION_PORT, PORT_SIZE)
      return expression.compare(writer, expression.LESS, networkOrder(statement.port << 16), PORT_SIZE)
    case 'udpPorts':
      needProtocol(writer, known, IPPROTO_UDP)
      expression.loadPayload(writer, expression.TRANSPORT_HEADER, SOURCE_PORT, 2 * PORT_SIZE)
      return expression.compare(
        writer,
        expression.EQUAL,
        networkOrder((statement.source << 16) | statement.destination),
        2 * PORT_SIZE,
      )
    case 'icmp':
      needFamily(writer, known, 4)
      needProtocol(writer, known, IPPROTO_ICMP)
      expression.loadPayload(writer, expression.TRANSPORT_HEADER, 0, 1)
      return expression.compare(writer, expression.EQUAL, ICMP_TYPES[statement.type], 1)
    case 'icmpv6':
      needFamily(writer, known, 6)
      needProtocol(writer, known, IPPROTO_ICMPV6)
      expression.loadPayload(writer, expression.TRANSPORT_HEADER, 0, 1)
      return writeIcmpv6Types(writer, statement.types, anonymousSet)
    case 'icmpv6Error':
      needFamily(writer, known, 6)
      needProtocol(writer, known, IPPROTO_ICMPV6)
      expression.loadPayload(writer, expression.TRANSPORT_HEADER, 0, 1)
      return expression.compare(writer, expression.LESS, ICMPV6_INFORMATION, 1)
    case 'quotedSource': {
      const { family, address } = statement
      needProtocol(writer, known, family === 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6)
      const offset = ICMP_HEADER_SIZE + ADDRESS_OFFSET[family].saddr
      expression.loadPayload(writer, expression.TRANSPORT_HEADER, offset, ADDRESS_SIZE[family])
      return expression.compareBytes(writer, elementKey(`ipv${family}_addr`, address))
    }
    case 'hopLimit':
      needFamily(writer, known, 6)
      expression.loadPayload(writer, expression.NETWORK_HEADER, HOP_LIMIT_OFFSET, 1)
      return expression.compare(writer, expression.EQUAL, statement.value, 1)
    case 'connection':
      expression.loadCt(writer, expression.CT_STATE)
      expression.bitwise(writer, CONNECTION_STATE[statement.state], 0, 4)
      return expression.compare(writer, expression.UNEQUAL, 0, 4)
    case 'direction':
      expression.loadCt(writer, expression.CT_DIRECTION)
      return expression.compare(writer, expression.EQUAL, DIRECTION[statement.direction], 1)
    case 'ownAddress': {
      const source = statement.field === 'saddr'
      expression.loadAddressType(writer, source ? expression.FIB_SOURCE : expression.FIB_DESTINATION)
      return expression.compare(writer, statement.own ? expression.EQUAL : expression.UNEQUAL, RTN_LOCAL, 4)
    }
    case 'elsewhere':
      expression.loadAddressType(writer, expression.FIB_DESTINATION)
      return expression.compare(writer, expression.EQUAL, RTN_UNICAST, 4)
    case 'marked':
      loadMark(writer, statement.of)
      expression.bitwise(writer, statement.bits, 0, 4)
      return expression.compare(writer, expression.EQUAL, statement.bits, 4)
    case 'markIn':
      loadMark(writer, 'meta')
      expression.bitwise(writer, statement.mask, 0, 4)
      return expression.lookUp(writer, statement.set)
    case 'user':
      expression.loadMeta(writer, expression.META_USER)
      return expression.compare(writer, expression.EQUAL, statement.uid, 4)
    case 'userIn':
      expression.loadMeta(writer, expression.META_USER)
      return expression.lookUp(writer, statement.set)
    case 'addressIn':
      loadAddress(writer, known, statement.family, statement.field)
      return expression.lookUp(writer, statement.set)
    case 'tcpIn': {
      needFamily(writer, known, statement.family)
      needProtocol(writer, known, IPPROTO_TCP)
      loadAddress(writer, known, statement.family, statement.remote)
      const [first, second] = AFTER_ADDRESS[statement.family]
      const comes = statement.remote === 'saddr'
      loadPort(writer, comes ? SOURCE_PORT : DESTINATION_PORT, first)
      loadPort(writer, comes ? DESTINATION_PORT : SOURCE_PORT, second)
      return expression.lookUp(writer, statement.set)
    }
    case 'serverIn': {
      loadAddress(writer, known, statement.family, 'daddr')
      const [first, second] = AFTER_ADDRESS[statement.family]
      expression.loadMeta(writer, expression.META_PROTOCOL, first)
      loadPort(writer, DESTINATION_PORT, second)
      return expression.lookUp(writer, statement.set)
    }
    case 'mark':
      loadMark(writer, statement.of)
      expression.bitwise(writer, ~statement.bits, statement.bits, 4)
      if (statement.of === 'meta') return expression.setMeta(writer, expression.META_MARK)
      return expression.setCt(writer, expression.CT_MARK)
    case 'accept':
      return expression.verdict(writer, expression.VERDICT_ACCEPT)
    case 'drop':
      return expression.verdict(writer, expression.VERDICT_DROP)
    case 'return':
      return expression.verdict(writer, expression.VERDICT_RETURN)
    case 'jump':
      return expression.verdict(writer, expression.VERDICT_JUMP, statement.chain)
    case 'reject':
      if (statement.with === 'tcp reset') return expression.reject(writer, REJECT_TCP_RESET, 0)
      return expression.reject(writer, REJECT_ICMPX, ADMIN_PROHIBITED)
  }
}

function needFamily(writer: BatchWriter, known: Known, family: 4 | 6): void {
  if (known.family === family) return
  known.family = family
  expression.loadMeta(writer, expression.META_FAMILY)
  expression.compare(writer, expression.EQUAL, FAMILY[family], 1)
}

function needProtocol(writer: BatchWriter, known: Known, protocol: number): void {
  if (known.protocol === protocol) return
  known.protocol = protocol
  expression.loadMeta(writer, expression.META_PROTOCOL)
  expression.compare(writer, expression.EQUAL, protocol, 1)
}

function loadInterface(writer: BatchWriter, side: 'iifname' | 'oifname'): void {
  expression.loadMeta(writer, side === 'iifname' ? expression.META_INPUT_NAME : expression.META_OUTPUT_NAME)
}

function loadMark(writer: BatchWriter, of: 'meta' | 'ct'): void {
  if (of === 'meta') expression.loadMeta(writer, expression.META_MARK)
  else expression.loadCt(writer, expression.CT_MARK)
}

function loadAddress(writer: BatchWriter, known: Known, family: 4 | 6, field: NftAddressField): void {
  needFamily(writer, known, family)
  expression.loadPayload(
    writer,
    expression.NETWORK_HEADER,
    ADDRESS_OFFSET[family][field],
    ADDRESS_SIZE[family],
  )
}

function loadPort(writer: BatchWriter, offset: number, register: number): void {
  expression.loadPayload(writer, expression.TRANSPORT_HEADER, offset, PORT_SIZE, register)
}

function writeIcmpv6Types(
  writer: BatchWriter,
  types: readonly NftIcmpv6Type[],
  anonymousSet: number | undefined,
): void {
  const [only] = types
  if (only !== undefined && types.length === 1) {
    expression.compare(writer, expression.EQUAL, ICMPV6_TYPES[only], 1)
  } else expression.lookUp(writer, ANONYMOUS_SET, anonymousSet)
}

/** The kernel puts a number where the `%d` is. */
export const ANONYMOUS_SET = '__set%d'
