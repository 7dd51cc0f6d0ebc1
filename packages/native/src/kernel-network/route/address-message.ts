import { refuseIp, unsigned } from '../fields.ts'
import { addressFamily, ipFamilyFrom, ipFamilyOf } from '../ip-text.ts'
import { Attributes } from '../netlink/attributes.ts'
import { NLM_F_ACK, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REQUEST } from '../netlink/constants.ts'
import type { NetlinkMessage } from '../netlink/message-reader.ts'
import type { MessageWriter } from '../netlink/message-writer.ts'
import { RTM_DELADDR, RTM_NEWADDR } from './constants.ts'
import type { RtAddress } from './objects.ts'
import type { AddAddress, DeleteAddress } from './request.ts'

/** include/uapi/linux/if_addr.h */
const IFA_ADDRESS = 1
const IFA_LOCAL = 2
const IFA_LABEL = 3
const IFA_BROADCAST = 4
const IFA_FLAGS = 8
const IFA_F_NODAD = 0x02
const IFA_F_DADFAILED = 0x08
const IFA_F_TENTATIVE = 0x40
const IFA_F_PERMANENT = 0x80
const IFA_F_NOPREFIXROUTE = 0x200
const IFADDRMSG_SIZE = 8

const attributes = new Attributes(IFA_FLAGS)

/** Writes RTM_NEWADDR or RTM_DELADDR. struct ifaddrmsg: family, prefix length, flags, scope u8 each, index u32. */
export function writeAddress(
  writer: MessageWriter,
  request: AddAddress | DeleteAddress,
  sequence: number,
): void {
  const adds = request.op === 'addAddress'
  const family = request.family ?? ipFamilyOf(request.address)
  const flags = NLM_F_REQUEST | NLM_F_ACK
  writer.begin(adds ? RTM_NEWADDR : RTM_DELADDR, adds ? flags | NLM_F_CREATE | NLM_F_EXCL : flags, sequence)
  writer.u8(addressFamily(family))
  writer.u8(unsigned('prefixLength', request.prefixLength, family === 4 ? 32 : 128))
  writer.u8(0)
  writer.u8(adds ? unsigned('scope', request.scope ?? 0, 255) : 0)
  writer.u32(unsigned('index', request.index, 0x7fff_ffff))
  if (!writer.attributeIp(IFA_LOCAL, request.address, family)) refuseIp('address', request.address, family)
  const peer = request.peer ?? request.address
  if (!writer.attributeIp(IFA_ADDRESS, peer, family)) refuseIp('peer', peer, family)
  if (adds) {
    const wanted =
      (request.noPrefixRoute === true ? IFA_F_NOPREFIXROUTE : 0) | (request.noDad === true ? IFA_F_NODAD : 0)
    if (wanted !== 0) writer.attributeU32(IFA_FLAGS, wanted)
  }
  writer.end()
}

/** Reads RTM_NEWADDR or RTM_DELADDR; undefined for families other than IPv4 and IPv6. */
export function readAddress(message: NetlinkMessage): RtAddress | undefined {
  const { source, start, end } = message
  if (end - start < IFADDRMSG_SIZE) return undefined
  const family = ipFamilyFrom(source.readUInt8(start))
  if (family === undefined) return undefined
  attributes.read(source, start + IFADDRMSG_SIZE, end)
  const far = attributes.ip(IFA_ADDRESS, family)
  const address = attributes.ip(IFA_LOCAL, family) ?? far
  if (address === undefined) return undefined
  const broadcast = attributes.ip(IFA_BROADCAST, family)
  const label = attributes.text(IFA_LABEL)
  const flags = attributes.u32(IFA_FLAGS) ?? source.readUInt8(start + 2)
  return {
    index: source.readUInt32LE(start + 4),
    family,
    address,
    prefixLength: source.readUInt8(start + 1),
    ...(far === undefined || far === address ? {} : { peer: far }),
    ...(broadcast === undefined ? {} : { broadcast }),
    ...(label === undefined ? {} : { label }),
    scope: source.readUInt8(start + 3),
    noPrefixRoute: (flags & IFA_F_NOPREFIXROUTE) !== 0,
    permanent: (flags & IFA_F_PERMANENT) !== 0,
    tentative: (flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) !== 0,
    flags,
  }
}
