import { closeInThread } from './close-in-thread.ts'
import { Fd } from './fd.ts'
import { addressOf, check, declareRaw } from './libc.ts'
import { errnoNumber } from './system-error.ts'

const send = declareRaw<[fd: number, message: Uint8Array, flags: number]>(
  'intptr_t sendmsg(int, const void *, int)',
)
/** Without descriptors: the addresses that a struct msghdr holds take longer to write than the system call. */
const sendBytes = declareRaw<[fd: number, bytes: Uint8Array, length: number, flags: number]>(
  'intptr_t send(int, const void *, size_t, int)',
)
const receive = declareRaw<[fd: number, message: Uint8Array, flags: number]>(
  'intptr_t recvmsg(int, void *, int)',
)

const SOL_SOCKET = 1
const SCM_RIGHTS = 1
const MSG_CTRUNC = 0x8
const MSG_TRUNC = 0x20
const MSG_DONTWAIT = 0x40
const MSG_NOSIGNAL = 0x4000
const MSG_CMSG_CLOEXEC = 0x40000000
const EAGAIN = errnoNumber('EAGAIN')
const EINVAL = errnoNumber('EINVAL')
/** include/net/scm.h, SCM_MAX_FD. */
const MAX_FDS = 253
/** struct cmsghdr, LP64. */
const CONTROL_HEADER = 16
/** What a msghdr may point to: one struct iovec, and the descriptors. */
const VECTOR_SIZE = 16
const CONTROL_SIZE = CONTROL_HEADER + alignedLength(4 * MAX_FDS)

/**
 * One for all calls of this thread, because each is over before the next begins: allocating them anew took longer than the
 * system call. struct msghdr of LP64 is 56 bytes.
 */
const header = Buffer.alloc(56)
const vector = Buffer.alloc(VECTOR_SIZE)
const control = Buffer.alloc(CONTROL_SIZE)
const controlAddress = addressOf(control)
header.writeBigUInt64LE(addressOf(vector), 16)
header.writeBigUInt64LE(1n, 24)
header.writeBigUInt64LE(controlAddress, 32)
let pointedTo: Uint8Array | undefined

/** A received message. `length` 0 is the end of the stream, or an empty seqpacket message: treat both as the end. */
export interface ReceivedMessage {
  readonly length: number
  /** Owned by the receiver, close-on-exec, in the order of sending. Hostile until shown otherwise. */
  readonly fds: Fd[]
  /** The message or its descriptors did not fit; what descriptors came are closed already. */
  readonly truncated: boolean
}

/**
 * Sends bytes and descriptors over a unix socket, without waiting and without SIGPIPE.
 *
 * @param bytes at least one byte if there are fds
 * @param fds at most 253; the receiver gets duplicates, the caller keeps its own
 * @returns bytes sent (fewer than given only on a stream; the fds went with the first byte), or `'again'`
 * @throws RangeError for too many fds, or fds without bytes
 * @throws SystemError EPIPE or ECONNRESET when the peer is gone, EMSGSIZE for a seqpacket above the send buffer,
 * ETOOMANYREFS when too many descriptors are under way
 */
export function sendMessage(fd: Fd, bytes: Uint8Array, fds: readonly Fd[] = []): number | 'again' {
  if (fds.length > MAX_FDS) throw new RangeError(`fds: ${fds.length} is more than ${MAX_FDS}`)
  if (fds.length > 0 && bytes.length === 0) throw new RangeError('bytes: descriptors need at least one byte')
  const flags = MSG_DONTWAIT | MSG_NOSIGNAL
  const result =
    fds.length === 0
      ? sendBytes(fd.number, bytes, bytes.length, flags)
      : send(fd.number, messageOf(bytes, encodeRights(fds)), flags)
  return result === -EAGAIN ? 'again' : check(result, 'sendmsg')
}

/**
 * Receives bytes and descriptors from a unix socket, without waiting.
 *
 * On a stream the kernel ends a read after the piece that carried descriptors, but may put earlier bytes in front:
 * keep the descriptors in a queue and let each message say how many it takes.
 *
 * @param buffer filled from its start
 * @returns the message, or `'again'` when there is none
 * @throws SystemError ECONNRESET when the peer closed with unread data
 */
export function receiveMessage(fd: Fd, buffer: Uint8Array): ReceivedMessage | 'again' {
  if (buffer.length === 0) check(-EINVAL, 'recvmsg', 'the buffer is empty')
  const result = receive(fd.number, messageOf(buffer, CONTROL_SIZE), MSG_DONTWAIT | MSG_CMSG_CLOEXEC)
  if (result === -EAGAIN) return 'again'
  const length = check(result, 'recvmsg')
  const fds = decodeRights(header.readUInt32LE(40))
  const truncated = (header.readInt32LE(48) & (MSG_TRUNC | MSG_CTRUNC)) !== 0
  if (!truncated) return { length, fds, truncated }
  for (const received of fds) closeInThread(received)
  return { length, fds: [], truncated }
}

/** The header, which says now where the data is and that so many bytes of {@link control} count. */
function messageOf(data: Uint8Array, controlLength: number): Uint8Array {
  // Mostly that of the last time, the buffer that all messages of the process are read into.
  if (data !== pointedTo) {
    vector.writeBigUInt64LE(addressOf(data), 0)
    pointedTo = data
  }
  vector.writeUInt32LE(data.length, 8)
  header.writeUInt32LE(controlLength, 40)
  header.writeInt32LE(0, 48)
  return header
}

/** Fills {@link control}. @returns how many bytes of it count */
function encodeRights(fds: readonly Fd[]): number {
  const payload = 4 * fds.length
  control.writeUInt32LE(CONTROL_HEADER + payload, 0)
  control.writeUInt32LE(0, 4)
  control.writeInt32LE(SOL_SOCKET, 8)
  control.writeInt32LE(SCM_RIGHTS, 12)
  fds.forEach((fd, index) => control.writeInt32LE(fd.number, CONTROL_HEADER + 4 * index))
  return CONTROL_HEADER + alignedLength(payload)
}

/** @param size bytes of {@link control} that the kernel has filled */
function decodeRights(size: number): Fd[] {
  const fds: Fd[] = []
  let offset = 0
  while (offset + CONTROL_HEADER <= size) {
    const length = control.readUInt32LE(offset)
    if (length < CONTROL_HEADER) break
    const end = Math.min(offset + length, size)
    if (control.readInt32LE(offset + 8) === SOL_SOCKET && control.readInt32LE(offset + 12) === SCM_RIGHTS) {
      for (let at = offset + CONTROL_HEADER; at + 4 <= end; at += 4)
        fds.push(Fd.adopt(control.readInt32LE(at)))
    }
    offset += alignedLength(length)
  }
  return fds
}

/** Control messages start at multiples of eight bytes. */
function alignedLength(length: number): number {
  return (length + 7) & ~7
}
