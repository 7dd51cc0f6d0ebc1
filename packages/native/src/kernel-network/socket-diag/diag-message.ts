import { addressFamily, ipFamilyFrom, readIp } from '../ip-text.ts'
import { Attributes } from '../netlink/attributes.ts'
import { NLM_F_ACK, NLM_F_DUMP, NLM_F_REQUEST } from '../netlink/constants.ts'
import type { NetlinkMessage } from '../netlink/message-reader.ts'
import type { MessageWriter } from '../netlink/message-writer.ts'
import type { IpFamily } from '../route/objects.ts'
import { socketStates } from './socket-info.ts'
import type { SocketInfo } from './socket-info.ts'

/** include/uapi/linux/sock_diag.h, inet_diag.h */
const TCPDIAG_GETSOCK = 18
const SOCK_DIAG_BY_FAMILY = 20
const SOCK_DESTROY = 21
const INET_DIAG_MARK = 15
const INET_DIAG_CGROUP_ID = 21
/** Bits of states: 1 << number, see `socketStates`. */
const ALL_STATES = 0xffff_ffff
const LISTEN = 1 << 10
/** struct inet_diag_sockid: ports u16be ×2, addresses 16 bytes ×2, interface u32, cookie u32 ×2. */
const SOCKID_SIZE = 48
/** struct inet_diag_msg: family, state, timer, retries u8 each; sockid; expires, queues ×2, uid, inode u32 each. */
const INET_DIAG_MSG_SIZE = 72

/** IPPROTO_* */
const protocols: Readonly<Record<SocketInfo['protocol'], number>> = { tcp: 6, udp: 17 }
const attributes = new Attributes(INET_DIAG_CGROUP_ID)

/** A socket with the name the kernel knows it by; its cookie is never used again for another socket. */
export interface DiagnosedSocket {
  readonly info: SocketInfo
  /** struct inet_diag_sockid */
  readonly id: Uint8Array
}

/** Writes the question for all UDP sockets of a family. */
export function writeUdpDump(writer: MessageWriter, family: IpFamily, sequence: number): void {
  writer.begin(SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST | NLM_F_DUMP, sequence)
  writeRequest(writer, family, 'udp')
  writer.zeros(SOCKID_SIZE)
  writer.end()
}

/**
 * Writes the question for TCP sockets of both families, in the form of before Linux 3.3. The later one asks for one family
 * at a time, and each answer for all is a walk through the whole hash table (a quarter million buckets, 0.4 ms).
 *
 * @param which `listening`: a small table of its own
 */
export function writeTcpDump(writer: MessageWriter, sequence: number, which: 'all' | 'listening'): void {
  writer.begin(TCPDIAG_GETSOCK, NLM_F_REQUEST | NLM_F_DUMP, sequence)
  // struct inet_diag_req: family (not looked at), prefix lengths ×2 and extensions, u8 each; sockid; states, u32; unused, u32.
  writer.zeros(4 + SOCKID_SIZE)
  writer.u32(which === 'all' ? ALL_STATES : LISTEN)
  writer.zeros(4)
  writer.end()
}

/** Writes the request to abort a socket. */
export function writeSocketDestroy(writer: MessageWriter, socket: DiagnosedSocket, sequence: number): void {
  writer.begin(SOCK_DESTROY, NLM_F_REQUEST | NLM_F_ACK, sequence)
  writeRequest(writer, socket.info.family, socket.info.protocol)
  writer.bytes(socket.id)
  writer.end()
}

/** struct inet_diag_req_v2: family, protocol, extensions, pad u8 each, states u32; sockid follows. */
function writeRequest(writer: MessageWriter, family: IpFamily, protocol: SocketInfo['protocol']): void {
  writer.u8(addressFamily(family))
  writer.u8(protocols[protocol])
  writer.zeros(2)
  writer.u32(ALL_STATES)
}

/** Reads one answer to the question; undefined for what is no IPv4 or IPv6 socket. */
export function readSocket(
  message: NetlinkMessage,
  protocol: SocketInfo['protocol'],
): DiagnosedSocket | undefined {
  const { source, start, end } = message
  if (end - start < INET_DIAG_MSG_SIZE) return undefined
  const family = ipFamilyFrom(source.readUInt8(start))
  const state = socketStates[source.readUInt8(start + 1) - 1]
  if (family === undefined || state === undefined) return undefined
  attributes.read(source, start + INET_DIAG_MSG_SIZE, end)
  const cgroupId = attributes.u64(INET_DIAG_CGROUP_ID)
  const id = start + 4
  return {
    info: {
      family,
      protocol,
      state,
      local: { address: readIp(source, id + 4, family), port: source.readUInt16BE(id) },
      remote: { address: readIp(source, id + 20, family), port: source.readUInt16BE(id + 2) },
      uid: source.readUInt32LE(start + 64),
      inode: source.readUInt32LE(start + 68),
      mark: attributes.u32(INET_DIAG_MARK) ?? 0,
      ...(cgroupId === undefined ? {} : { cgroupId }),
      interfaceIndex: source.readUInt32LE(id + 36),
    },
    id: Uint8Array.from(source.subarray(id, id + SOCKID_SIZE)),
  }
}
