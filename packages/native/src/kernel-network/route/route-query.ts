import { ip, refuseIp, unsigned } from '../fields.ts'
import { addressFamily } from '../ip-text.ts'
import { NLM_F_REQUEST } from '../netlink/constants.ts'
import type { MessageWriter } from '../netlink/message-writer.ts'
import { RTM_GETROUTE } from './constants.ts'
import type { RouteQuery } from './objects.ts'
import {
  RTA_DPORT,
  RTA_DST,
  RTA_IIF,
  RTA_IP_PROTO,
  RTA_MARK,
  RTA_OIF,
  RTA_SPORT,
  RTA_SRC,
  RTA_UID,
  RTM_F_FIB_MATCH,
  RTM_F_LOOKUP_TABLE,
} from './route-attributes.ts'

/** Writes RTM_GETROUTE for one packet. */
export function writeRouteQuery(writer: MessageWriter, query: RouteQuery, sequence: number): void {
  const { family } = query
  const width = family === 4 ? 32 : 128
  writer.begin(RTM_GETROUTE, NLM_F_REQUEST, sequence)
  writer.u8(addressFamily(family))
  writer.u8(width)
  writer.u8(query.from === undefined ? 0 : width)
  writer.zeros(5)
  // IPv6 tells the table anyway, and refuses the flag.
  writer.u32((family === 4 ? RTM_F_LOOKUP_TABLE : 0) | (query.tableEntry === true ? RTM_F_FIB_MATCH : 0))
  if (!writer.attributeIp(RTA_DST, query.destination, family)) {
    refuseIp('destination', query.destination, family)
  }
  if (query.from !== undefined) writer.attributeIp(RTA_SRC, ip('from', query.from, family), family)
  if (query.mark !== undefined) writer.attributeU32(RTA_MARK, unsigned('mark', query.mark))
  if (query.uid !== undefined) writer.attributeU32(RTA_UID, unsigned('uid', query.uid))
  if (query.oif !== undefined) writer.attributeU32(RTA_OIF, unsigned('oif', query.oif, 0x7fff_ffff))
  if (query.iif !== undefined) writer.attributeU32(RTA_IIF, unsigned('iif', query.iif, 0x7fff_ffff))
  if (query.ipProto !== undefined) writer.attributeU8(RTA_IP_PROTO, unsigned('ipProto', query.ipProto, 255))
  if (query.sport !== undefined) writer.attributeU16be(RTA_SPORT, unsigned('sport', query.sport, 65535))
  if (query.dport !== undefined) writer.attributeU16be(RTA_DPORT, unsigned('dport', query.dport, 65535))
  writer.end()
}
