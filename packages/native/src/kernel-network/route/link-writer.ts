import { linkName, refuse, unsigned } from '../fields.ts'
import { NLM_F_ACK, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REQUEST } from '../netlink/constants.ts'
import type { MessageWriter } from '../netlink/message-writer.ts'
import { AF_INET6 } from '../ip-text.ts'
import { RTM_DELLINK, RTM_NEWLINK, RTM_SETLINK } from './constants.ts'
import {
  IFF_UP,
  IFLA_ADDRESS,
  IFLA_AF_SPEC,
  IFLA_IFNAME,
  IFLA_INET6_ADDR_GEN_MODE,
  IFLA_INFO_DATA,
  IFLA_INFO_KIND,
  IFLA_LINKINFO,
  IFLA_MASTER,
  IFLA_MTU,
  IFLA_NET_NS_FD,
  IFLA_VRF_TABLE,
  VETH_INFO_PEER,
} from './link-attributes.ts'
import type { AddLink, DeleteLink, LinkProperties, SetLink } from './request.ts'

const ADDR_GEN_MODE_NONE = 1

/** Writes RTM_NEWLINK. */
export function writeAddLink(writer: MessageWriter, request: AddLink, sequence: number): void {
  writer.begin(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, sequence)
  writeHeader(writer, 0, request.up)
  writer.attributeText(IFLA_IFNAME, linkName('name', request.name))
  writeProperties(writer, request, '')
  writeMaster(writer, request.master)
  const info = writer.beginNested(IFLA_LINKINFO)
  writer.attributeText(IFLA_INFO_KIND, request.kind)
  writeKindData(writer, request)
  writer.endAttribute(info)
  writer.end()
}

/** Writes RTM_DELLINK. */
export function writeDeleteLink(writer: MessageWriter, request: DeleteLink, sequence: number): void {
  writer.begin(RTM_DELLINK, NLM_F_REQUEST | NLM_F_ACK, sequence)
  if ('index' in request) writeHeader(writer, linkIndex(request.index), undefined)
  else {
    writeHeader(writer, 0, undefined)
    writer.attributeText(IFLA_IFNAME, linkName('name', request.name))
  }
  writer.end()
}

/** Writes RTM_SETLINK. */
export function writeSetLink(writer: MessageWriter, request: SetLink, sequence: number): void {
  writer.begin(RTM_SETLINK, NLM_F_REQUEST | NLM_F_ACK, sequence)
  writeHeader(writer, linkIndex(request.index), request.up)
  if (request.name !== undefined) writer.attributeText(IFLA_IFNAME, linkName('name', request.name))
  writeProperties(writer, request, '')
  writeMaster(writer, request.master)
  if (request.addrGenModeNone === true) {
    const families = writer.beginNested(IFLA_AF_SPEC)
    const inet6 = writer.beginNested(AF_INET6)
    writer.attributeU8(IFLA_INET6_ADDR_GEN_MODE, ADDR_GEN_MODE_NONE)
    writer.endAttribute(inet6)
    writer.endAttribute(families)
  }
  writer.end()
}

/** struct ifinfomsg: family u8, pad u8, type u16, index i32, flags u32, mask of flags to change u32. */
function writeHeader(writer: MessageWriter, index: number, up: boolean | undefined): void {
  writer.zeros(4)
  writer.u32(index)
  writer.u32(up === true ? IFF_UP : 0)
  writer.u32(up === undefined ? 0 : IFF_UP)
}

function writeProperties(writer: MessageWriter, link: LinkProperties, path: string): void {
  if (link.mtu !== undefined) writer.attributeU32(IFLA_MTU, unsigned(`${path}mtu`, link.mtu, 0x7fff_ffff))
  if (link.address !== undefined) {
    writer.attributeBytes(IFLA_ADDRESS, hardwareAddress(`${path}address`, link.address))
  }
  if (link.netnsFd !== undefined) {
    writer.attributeU32(IFLA_NET_NS_FD, unsigned(`${path}netnsFd`, link.netnsFd, 0x7fff_ffff))
  }
}

function writeMaster(writer: MessageWriter, master: number | undefined): void {
  if (master !== undefined) writer.attributeU32(IFLA_MASTER, unsigned('master', master, 0x7fff_ffff))
}

function writeKindData(writer: MessageWriter, request: AddLink): void {
  const { kind, peer, table } = request
  if (peer !== undefined && kind !== 'veth') refuse('peer', `a link of kind ${kind} has none`)
  if ((kind === 'vrf') !== (table !== undefined)) refuse('table', 'goes with kind vrf, and only with it')
  if (peer === undefined && table === undefined) return
  const data = writer.beginNested(IFLA_INFO_DATA)
  if (table !== undefined) writer.attributeU32(IFLA_VRF_TABLE, unsigned('table', table))
  if (peer !== undefined) {
    const other = writer.beginNested(VETH_INFO_PEER)
    writeHeader(writer, 0, undefined)
    writer.attributeText(IFLA_IFNAME, linkName('peer.name', peer.name))
    writeProperties(writer, peer, 'peer.')
    writer.endAttribute(other)
  }
  writer.endAttribute(data)
}

function linkIndex(index: number): number {
  return unsigned('index', index, 0x7fff_ffff) || refuse('index', '0 is no link')
}

function hardwareAddress(field: string, text: string): Buffer {
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text)) {
    refuse(field, `${JSON.stringify(text)} is not a hardware address`)
  }
  return Buffer.from(text.replaceAll(':', ''), 'hex')
}
