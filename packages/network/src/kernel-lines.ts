import { isSystemError, openTcpSocketList, Rtnetlink, type TcpSocketList } from '@vpnext/native'

/** What the kernel is asked and told through, opened once by whoever makes many tunnels. */
export interface KernelLines extends Disposable {
  readonly netlink: Rtnetlink
  /** Absent where the kernel cannot list sockets. */
  readonly tcpSockets?: TcpSocketList
}

/** Opens them for the network namespace that the calling thread is in now. @throws SystemError */
export function openKernelLines(): KernelLines {
  const netlink = Rtnetlink.open()
  const tcpSockets = openListOrNothing()
  return {
    netlink,
    ...(tcpSockets !== undefined && { tcpSockets }),
    [Symbol.dispose]() {
      tcpSockets?.[Symbol.dispose]()
      netlink[Symbol.dispose]()
    },
  }
}

function openListOrNothing(): TcpSocketList | undefined {
  try {
    return openTcpSocketList()
  } catch (error) {
    if (isSystemError(error, 'EPROTONOSUPPORT')) return undefined
    throw error
  }
}
