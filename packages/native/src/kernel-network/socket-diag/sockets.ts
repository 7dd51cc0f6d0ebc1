import { isSystemError, SystemError } from '../../system-error.ts'
import { NETLINK_SOCK_DIAG } from '../netlink/constants.ts'
import { Conversation } from '../netlink/conversation.ts'
import { NetlinkSocket } from '../netlink/socket.ts'
import { readSocket, writeSocketDestroy, writeTcpDump, writeUdpDump } from './diag-message.ts'
import type { DiagnosedSocket } from './diag-message.ts'
import type { SocketInfo } from './socket-info.ts'

/**
 * All TCP and UDP sockets of the network namespace that the calling thread is in, by sock_diag(7).
 *
 * @throws SystemError ENOENT when the kernel lacks tcp_diag or udp_diag
 */
export function listSockets(): SocketInfo[] {
  using conversation = open()
  return dump(conversation).map(({ info }) => info)
}

/** As {@link listSockets}, without UDP. @param which `listening` takes much less time than `all` */
export function listTcpSockets(which: 'all' | 'listening' = 'all'): SocketInfo[] {
  using list = openTcpSocketList()
  return list.read(which)
}

/** As {@link listTcpSockets}, for whoever asks often: opening sock_diag takes longer than an answer. */
export interface TcpSocketList extends Disposable {
  readonly read: (which: 'all' | 'listening') => SocketInfo[]
}

/** The sockets of the network namespace that the calling thread is in now. @throws SystemError as {@link listSockets} */
export function openTcpSocketList(): TcpSocketList {
  const conversation = open()
  return {
    read: (which) => dumpTcp(conversation, which).map(({ info }) => info),
    [Symbol.dispose]: () => conversation[Symbol.dispose](),
  }
}

/**
 * Aborts sockets of the network namespace that the calling thread is in: their owners get ECONNABORTED at once, a TCP
 * peer gets a reset. Listening sockets are closed for good, so a filter usually leaves the state `listen` out.
 *
 * @param filterFor gets all sockets and returns what says which
 * @returns how many were aborted; sockets that ended by themselves meanwhile do not count
 * @throws SystemError EPERM without CAP_NET_ADMIN, EOPNOTSUPP when the kernel cannot (CONFIG_INET_DIAG_DESTROY)
 */
export function destroySockets(
  filterFor: (sockets: readonly SocketInfo[]) => (socket: SocketInfo) => boolean,
): number {
  using conversation = open()
  const all = dump(conversation)
  const filter = filterFor(all.map(({ info }) => info))
  const doomed = all.filter(({ info }) => filter(info))
  if (doomed.length === 0) return 0
  let destroyed = 0
  let failure: SystemError | undefined
  conversation.transact(
    doomed.length,
    (writer, index, sequence) => {
      const socket = doomed[index]
      if (socket !== undefined) writeSocketDestroy(writer, socket, sequence)
    },
    (_index, { errno, text }) => {
      if (errno === 0) destroyed++
      else
        failure = keepFailure(
          failure,
          new SystemError(errno, 'sock_diag', text === undefined ? {} : { detail: text }),
        )
      return true
    },
  )
  if (failure !== undefined) throw failure
  return destroyed
}

/** ENOENT and ENOTCONN: the socket ended before its turn. */
function keepFailure(earlier: SystemError | undefined, error: SystemError): SystemError | undefined {
  return isSystemError(error, 'ENOENT', 'ENOTCONN') ? earlier : (earlier ?? error)
}

function open(): Conversation {
  return new Conversation(NetlinkSocket.open(NETLINK_SOCK_DIAG))
}

function dumpTcp(conversation: Conversation, which: 'all' | 'listening'): DiagnosedSocket[] {
  return conversation.dump(
    (writer, sequence) => writeTcpDump(writer, sequence, which),
    (message) => readSocket(message, 'tcp'),
  )
}

function dump(conversation: Conversation): DiagnosedSocket[] {
  return [
    ...dumpTcp(conversation, 'all'),
    ...([4, 6] as const).flatMap((family) =>
      conversation.dump(
        (writer, sequence) => writeUdpDump(writer, family, sequence),
        (message) => readSocket(message, 'udp'),
      ),
    ),
  ]
}
