import {
  isSystemError,
  type NftLine,
  openNftLine,
  openTcpSocketList,
  Rtnetlink,
  type TcpSocketList,
} from '@vpnext/native'

/** What the kernel is asked and told through, opened once by whoever makes many tunnels. */
export interface KernelLines extends Disposable {
  readonly netlink: Rtnetlink
  /** Absent where the kernel cannot list sockets. */
  readonly tcpSockets?: TcpSocketList
  /** Absent where the kernel has no nf_tables. */
  readonly nft?: NftLine
}

/** Opens them for the network namespace that the calling thread is in now. @throws SystemError */
export function openKernelLines(): KernelLines {
  const open: Disposable[] = []
  const release = (): void => {
    for (const line of open.splice(0).toReversed()) line[Symbol.dispose]()
  }
  const own = <Line extends Disposable>(line: Line): Line => {
    open.push(line)
    return line
  }
  try {
    const netlink = own(Rtnetlink.open())
    const tcpSockets = openOrNothing(() => own(openTcpSocketList()))
    const nft = openOrNothing(() => own(openNftLine()))
    return {
      netlink,
      ...(tcpSockets !== undefined && { tcpSockets }),
      ...(nft !== undefined && { nft }),
      [Symbol.dispose]: release,
    }
  } catch (error) {
    release()
    throw error
  }
}

function openOrNothing<Line>(open: () => Line): Line | undefined {
  try {
    return open()
  } catch (error) {
    if (isSystemError(error, 'EPROTONOSUPPORT')) return undefined
    throw error
  }
}
