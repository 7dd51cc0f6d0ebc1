import { ipFamilyFrom } from '../ip-text.ts'
import { Attributes } from '../netlink/attributes.ts'
import type { NetlinkMessage } from '../netlink/message-reader.ts'
import type { Writable } from '../writable.ts'
import type { IpFamily, NumberRange, RtRule } from './objects.ts'
import {
  actionNames,
  FIB_RULE_HDR_SIZE,
  FIB_RULE_INVERT,
  FRA_DPORT_RANGE,
  FRA_DST,
  FRA_FWMARK,
  FRA_FWMASK,
  FRA_GOTO,
  FRA_IIFNAME,
  FRA_IP_PROTO,
  FRA_L3MDEV,
  FRA_OIFNAME,
  FRA_PRIORITY,
  FRA_PROTOCOL,
  FRA_SPORT_RANGE,
  FRA_SRC,
  FRA_SUPPRESS_PREFIXLEN,
  FRA_TABLE,
  FRA_UID_RANGE,
} from './rule-attributes.ts'

/** FRA_SUPPRESS_PREFIXLEN is always there; this is -1, nothing suppressed. */
const NOTHING_SUPPRESSED = 0xffff_ffff

const attributes = new Attributes(FRA_DPORT_RANGE)

/** Reads RTM_NEWRULE or RTM_DELRULE; undefined for other families and for actions without a name here. */
export function readRule(message: NetlinkMessage): RtRule | undefined {
  const { source, start, end } = message
  if (end - start < FIB_RULE_HDR_SIZE) return undefined
  const family = ipFamilyFrom(source.readUInt8(start))
  const action = actionNames.get(source.readUInt8(start + 7))
  if (family === undefined || action === undefined) return undefined
  attributes.read(source, start + FIB_RULE_HDR_SIZE, end)
  const rule: Writable<RtRule> = { family, priority: attributes.u32(FRA_PRIORITY) ?? 0, action }
  readOutcome(rule, source.readUInt8(start + 4))
  readSelectors(rule, source)
  const from = prefixText(FRA_SRC, family, source.readUInt8(start + 2))
  if (from !== undefined) rule.from = from
  const to = prefixText(FRA_DST, family, source.readUInt8(start + 1))
  if (to !== undefined) rule.to = to
  if ((source.readUInt32LE(start + 8) & FIB_RULE_INVERT) !== 0) rule.invert = true
  return rule
}

function readOutcome(rule: Writable<RtRule>, headerTable: number): void {
  const table = attributes.u32(FRA_TABLE) ?? headerTable
  if (table !== 0) rule.table = table
  const target = attributes.u32(FRA_GOTO)
  if (target !== undefined) rule.target = target
  const suppressed = attributes.u32(FRA_SUPPRESS_PREFIXLEN)
  if (suppressed !== undefined && suppressed !== NOTHING_SUPPRESSED) rule.suppressPrefixLength = suppressed
  if (attributes.u8(FRA_L3MDEV) === 1) rule.l3mdev = true
  const protocol = attributes.u8(FRA_PROTOCOL)
  if (protocol !== undefined) rule.protocol = protocol
}

function readSelectors(rule: Writable<RtRule>, source: Buffer): void {
  const mask = attributes.u32(FRA_FWMASK)
  if (mask !== undefined) {
    // The kernel leaves a mark of 0 out, but never its mask.
    rule.mark = attributes.u32(FRA_FWMARK) ?? 0
    rule.mask = mask
  }
  const iif = attributes.text(FRA_IIFNAME)
  if (iif !== undefined) rule.iif = iif
  const oif = attributes.text(FRA_OIFNAME)
  if (oif !== undefined) rule.oif = oif
  const uidRange = numberRange(source, FRA_UID_RANGE, 4)
  if (uidRange !== undefined) rule.uidRange = uidRange
  const ipProto = attributes.u8(FRA_IP_PROTO)
  if (ipProto !== undefined) rule.ipProto = ipProto
  const sport = numberRange(source, FRA_SPORT_RANGE, 2)
  if (sport !== undefined) rule.sport = sport
  const dport = numberRange(source, FRA_DPORT_RANGE, 2)
  if (dport !== undefined) rule.dport = dport
}

function numberRange(source: Buffer, type: number, width: 2 | 4): NumberRange | undefined {
  if (attributes.size(type) < width * 2) return undefined
  const at = attributes.offset(type)
  return { from: source.readUIntLE(at, width), to: source.readUIntLE(at + width, width) }
}

function prefixText(type: number, family: IpFamily, length: number): string | undefined {
  const address = attributes.ip(type, family)
  return address === undefined ? undefined : `${address}/${length}`
}
