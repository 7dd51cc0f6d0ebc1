import { closeInThread } from '../../close-in-thread.ts'
import { Fd } from '../../fd.ts'
import { check, declareChecked, declareRaw } from '../../libc.ts'
import type { Pointer } from '../../libc.ts'
import { errnoNumber, isSystemError, SystemError } from '../../system-error.ts'

const createSocket = declareChecked<[number, number, number]>('int socket(int, int, int)')
const bindSocket = declareChecked<[number, Pointer, number]>('int bind(int, const void *, uint32_t)')
const setOption = declareRaw<[number, number, number, Pointer, number]>(
  'int setsockopt(int, int, int, const void *, uint32_t)',
)
const sendBytes = declareRaw<[number, Pointer, number, number]>(
  'intptr_t send(int, const void *, size_t, int)',
)
const receiveFrom = declareRaw<[number, Pointer, number, number, Pointer, Pointer]>(
  'intptr_t recvfrom(int, void *, size_t, int, void *, void *)',
)

const AF_NETLINK = 16
const SOCK_RAW_CLOEXEC_NONBLOCK = 3 | 0x80000 | 0x800
const SOL_SOCKET = 1
const SO_SNDBUF = 7
const SO_RCVBUF = 8
const SO_SNDBUFFORCE = 32
const SO_RCVBUFFORCE = 33
const SOL_NETLINK = 270
const NETLINK_CAP_ACK = 10
const NETLINK_EXT_ACK = 11
const NETLINK_GET_STRICT_CHK = 12
const MSG_TRUNC = 0x20
const SOCKADDR_NL_SIZE = 12
const EAGAIN = errnoNumber('EAGAIN')
const EPERM = errnoNumber('EPERM')
const EMSGSIZE = errnoNumber('EMSGSIZE')

/** The kernel answers a dump in pieces of at most 32 KiB; one link with many virtual functions may be larger. */
const BUFFER_SIZE = 128 * 1024
/** Buffers of closed sockets: sockets come and go often, and a fresh buffer costs more than an answer. */
const spareBuffers: Buffer[] = []
const MAX_SPARE_BUFFERS = 4
/** Room for a burst of events, bytes. */
const RECEIVE_QUEUE = 4 * 1024 * 1024
/** Bytes that every socket can send as one datagram: well below net.core.wmem_default, 212992. */
const SENT_ANYHOW = 65_536
/** The kernel wants that much more than the datagram (netlink_sendmsg). */
const SEND_OVERHEAD = 32

/**
 * A netlink socket of the network namespace it was opened in, non-blocking. Requests are answered within `send`, so an
 * answer that is not there at once will never come.
 */
export class NetlinkSocket implements Disposable {
  readonly fd: Fd
  /** What {@link receive} fills. Not to be looked at once the socket is closed. */
  readonly buffer: Buffer = spareBuffers.pop() ?? Buffer.allocUnsafeSlow(BUFFER_SIZE)
  readonly #sender = Buffer.alloc(SOCKADDR_NL_SIZE)
  readonly #senderSize = Buffer.alloc(4)

  private constructor(fd: Fd) {
    this.fd = fd
  }

  /**
   * @param protocol NETLINK_ROUTE or NETLINK_SOCK_DIAG
   * @param groups bits of the multicast groups to hear, 0 = none
   * @param receiveQueue bytes
   * @throws SystemError
   */
  static open(protocol: number, groups = 0, receiveQueue: number = RECEIVE_QUEUE): NetlinkSocket {
    const fd = Fd.adopt(createSocket(AF_NETLINK, SOCK_RAW_CLOEXEC_NONBLOCK, protocol))
    try {
      const number = fd.number
      for (const option of [NETLINK_CAP_ACK, NETLINK_EXT_ACK, NETLINK_GET_STRICT_CHK]) {
        check(setInteger(number, SOL_NETLINK, option, 1), 'setsockopt', `netlink option ${option}`)
      }
      if (setInteger(number, SOL_SOCKET, SO_RCVBUFFORCE, receiveQueue) === -EPERM) {
        check(setInteger(number, SOL_SOCKET, SO_RCVBUF, receiveQueue), 'setsockopt', 'SO_RCVBUF')
      }
      const address = Buffer.alloc(SOCKADDR_NL_SIZE)
      address.writeUInt16LE(AF_NETLINK, 0)
      address.writeUInt32LE(groups, 8)
      bindSocket(number, address, address.length)
      return new NetlinkSocket(fd)
    } catch (error) {
      fd.close()
      throw error
    }
  }

  /** Lets a datagram of so many bytes be sent. @throws SystemError */
  makeRoom(size: number): void {
    if (size <= SENT_ANYHOW) return
    const wanted = size + SEND_OVERHEAD
    if (setInteger(this.fd.number, SOL_SOCKET, SO_SNDBUFFORCE, wanted) === -EPERM) {
      check(setInteger(this.fd.number, SOL_SOCKET, SO_SNDBUF, wanted), 'setsockopt', 'SO_SNDBUF')
    }
  }

  /** Sends whole messages as one datagram. @throws SystemError */
  send(messages: Uint8Array): void {
    check(sendBytes(this.fd.number, messages, messages.length, 0), 'send')
  }

  /**
   * Takes one datagram of the kernel into {@link buffer}; what other processes send is dropped.
   *
   * @returns its length, or undefined when there is none
   * @throws SystemError ENOBUFS when messages were lost
   */
  receive(): number | undefined {
    for (;;) {
      this.#senderSize.writeUInt32LE(SOCKADDR_NL_SIZE)
      const length = receiveFrom(
        this.fd.number,
        this.buffer,
        this.buffer.length,
        MSG_TRUNC,
        this.#sender,
        this.#senderSize,
      )
      if (length === -EAGAIN) return undefined
      check(length, 'recvfrom')
      if (length > this.buffer.length)
        throw new SystemError(EMSGSIZE, 'recvfrom', { detail: `${length} bytes` })
      if (this.#sender.readUInt32LE(4) === 0) return length
    }
  }

  /** Throws away what is queued: answers that an earlier failure left unread. */
  drain(): void {
    for (;;) {
      try {
        if (this.receive() === undefined) return
      } catch (error) {
        if (!isSystemError(error, 'ENOBUFS')) throw error
      }
    }
  }

  [Symbol.dispose](): void {
    this.#close((fd) => {
      fd.close()
    })
  }

  /** Closes it without waiting for what the kernel does then. */
  closeInThread(): void {
    this.#close(closeInThread)
  }

  #close(close: (fd: Fd) => void): void {
    if (this.fd.closed) return
    close(this.fd)
    if (spareBuffers.length < MAX_SPARE_BUFFERS) spareBuffers.push(this.buffer)
  }
}

function setInteger(fd: number, level: number, option: number, value: number): number {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return setOption(fd, level, option, bytes, bytes.length)
}
