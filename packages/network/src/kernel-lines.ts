import {
  isSystemError,
  type NftLine,
  openNftLine,
  openTcpSocketList,
  Rtnetlink,
  type TcpSocketList,
} from '@vpnext/native'
import { OpenResources } from './open-resources.ts'

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
  const open = new OpenResources()
  try {
    const netlink = open.own(Rtnetlink.open())
    const tcpSockets = openOrNothing(() => open.own(openTcpSocketList()))
    const nft = openOrNothing(() => open.own(openNftLine()))
    return {
      netlink,
      ...(tcpSockets !== undefined && { tcpSockets }),
      ...(nft !== undefined && { nft }),
      [Symbol.dispose]: () => open[Symbol.dispose](),
    }
  } catch (error) {
    open[Symbol.dispose]()
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
