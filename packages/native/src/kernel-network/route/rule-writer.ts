import { linkName, prefix, range, refuse, refuseIp, unsigned } from '../fields.ts'
import { addressFamily } from '../ip-text.ts'
import { NLM_F_ACK, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REQUEST } from '../netlink/constants.ts'
import type { MessageWriter } from '../netlink/message-writer.ts'
import { RTM_DELRULE, RTM_NEWRULE } from './constants.ts'
import type { NumberRange, RtRule } from './objects.ts'
import type { AddRule, DeleteRule } from './request.ts'
import {
  actionNumbers,
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

/** Writes RTM_NEWRULE or RTM_DELRULE. */
export function writeRule(writer: MessageWriter, request: AddRule | DeleteRule, sequence: number): void {
  const { rule } = request
  const adds = request.op === 'addRule'
  const flags = NLM_F_REQUEST | NLM_F_ACK
  checkCombination(rule)
  writer.begin(adds ? RTM_NEWRULE : RTM_DELRULE, adds ? flags | NLM_F_CREATE | NLM_F_EXCL : flags, sequence)
  writeHeader(writer, rule)
  writer.attributeU32(FRA_PRIORITY, unsigned('rule.priority', rule.priority))
  if (rule.table !== undefined) writer.attributeU32(FRA_TABLE, unsigned('rule.table', rule.table))
  if (rule.target !== undefined) writer.attributeU32(FRA_GOTO, unsigned('rule.target', rule.target))
  writeSelectors(writer, rule)
  if (rule.suppressPrefixLength !== undefined) {
    const length = unsigned('rule.suppressPrefixLength', rule.suppressPrefixLength, 128)
    writer.attributeU32(FRA_SUPPRESS_PREFIXLEN, length)
  }
  if (rule.l3mdev === true) writer.attributeU8(FRA_L3MDEV, 1)
  if (rule.protocol !== undefined) {
    writer.attributeU8(FRA_PROTOCOL, unsigned('rule.protocol', rule.protocol, 255))
  }
  writer.end()
}

function checkCombination(rule: RtRule): void {
  const looksUp = rule.action === 'lookup' && rule.l3mdev !== true
  if (looksUp && (rule.table === undefined || rule.table === 0)) refuse('rule.table', 'lookup needs a table')
  if ((rule.action === 'goto') !== (rule.target !== undefined))
    refuse('rule.target', 'goes with goto, and only with it')
  if (rule.mask !== undefined && rule.mark === undefined) refuse('rule.mark', 'a mask needs a mark')
}

function writeHeader(writer: MessageWriter, rule: RtRule): void {
  const action =
    actionNumbers.get(rule.action) ?? refuse('rule.action', `${JSON.stringify(rule.action)} is no action`)
  const to = rule.to === undefined ? undefined : prefix('rule.to', rule.to, rule.family)
  const from = rule.from === undefined ? undefined : prefix('rule.from', rule.from, rule.family)
  const table = rule.table ?? 0
  writer.u8(addressFamily(rule.family))
  writer.u8(to?.length ?? 0)
  writer.u8(from?.length ?? 0)
  writer.u8(0)
  writer.u8(table < 256 ? table : 0)
  writer.zeros(2)
  writer.u8(action)
  writer.u32(rule.invert === true ? FIB_RULE_INVERT : 0)
  if (to !== undefined && !writer.attributeIp(FRA_DST, to.address, rule.family)) {
    refuseIp('rule.to', to.address, rule.family)
  }
  if (from !== undefined && !writer.attributeIp(FRA_SRC, from.address, rule.family)) {
    refuseIp('rule.from', from.address, rule.family)
  }
}

function writeSelectors(writer: MessageWriter, rule: RtRule): void {
  if (rule.iif !== undefined) writer.attributeText(FRA_IIFNAME, linkName('rule.iif', rule.iif))
  if (rule.oif !== undefined) writer.attributeText(FRA_OIFNAME, linkName('rule.oif', rule.oif))
  if (rule.mark !== undefined) {
    writer.attributeU32(FRA_FWMARK, unsigned('rule.mark', rule.mark))
    writer.attributeU32(FRA_FWMASK, unsigned('rule.mask', rule.mask ?? 0xffff_ffff))
  }
  if (rule.uidRange !== undefined) {
    const uids = range('rule.uidRange', rule.uidRange, 0xffff_fffe)
    const nested = writer.beginAttribute(FRA_UID_RANGE)
    writer.u32(uids.from)
    writer.u32(uids.to)
    writer.endAttribute(nested)
  }
  if (rule.ipProto !== undefined)
    writer.attributeU8(FRA_IP_PROTO, unsigned('rule.ipProto', rule.ipProto, 255))
  if (rule.sport !== undefined) writePorts(writer, FRA_SPORT_RANGE, range('rule.sport', rule.sport, 65535))
  if (rule.dport !== undefined) writePorts(writer, FRA_DPORT_RANGE, range('rule.dport', rule.dport, 65535))
}

function writePorts(writer: MessageWriter, type: number, ports: NumberRange): void {
  const attribute = writer.beginAttribute(type)
  writer.u16(ports.from)
  writer.u16(ports.to)
  writer.endAttribute(attribute)
}
