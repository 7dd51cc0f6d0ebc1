import { closeInThread } from '../../close-in-thread.ts'
import { Fd } from '../../fd.ts'
import { describeSocket } from '../../inet-socket.ts'
import { check, declareChecked, declareRaw } from '../../libc.ts'

const createSocket = declareRaw<[number, number, number]>('int socket(int, int, int)')
const duplicate = declareChecked<[fd: number, command: number, least: number]>('int fcntl(int, int, int)')

const AF_NETLINK = 16
const SOCK_RAW_CLOEXEC = 3 | 0x80000
const NETLINK_NETFILTER = 12
/** fcntl(2): duplicate with FD_CLOEXEC set. */
const F_DUPFD_CLOEXEC = 1030

/** A socket to nf_tables, or a negative number: -errno. */
export function openNetfilterSocket(): number {
  return createSocket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_NETFILTER)
}

/**
 * Makes a libnftables context, and sees to it that freeing it does not wait: the last close of its socket lets the kernel
 * finish what a transaction removed, 5 to 20 ms during which the caller would stand still
 * (net/netfilter/nf_tables_api.c, nft_rcv_nl_event). A second descriptor of the socket, closed in a thread, takes that
 * wait away. libnftables itself must not be called from two threads.
 *
 * @param create makes the context; the socket it opens gets the number that was free just before
 * @returns the context, and what to dispose of after it has been freed
 * @throws SystemError when the kernel has no nf_tables socket; libnftables would end the process
 */
export function withContextSocket<T>(create: () => T): { readonly context: T; readonly socket: Disposable } {
  const probe = Fd.adopt(check(openNetfilterSocket(), 'nft', 'netlink socket'))
  const number = probe.number
  probe.close()
  const context = create()
  const second = secondDescriptor(number)
  return {
    context,
    socket: {
      [Symbol.dispose]() {
        if (second !== undefined) closeInThread(second)
      },
    },
  }
}

/** Another thread may have taken the number meanwhile; then it is no netfilter socket, and closing waits as ever. */
function secondDescriptor(number: number): Fd | undefined {
  let second: Fd
  try {
    second = Fd.adopt(duplicate(number, F_DUPFD_CLOEXEC, 0))
  } catch {
    return undefined
  }
  const description = describeSocket(second)
  if (description?.domain === 'netlink' && description.protocol === NETLINK_NETFILTER) return second
  second.close()
  return undefined
}
