import { closeInThread } from './close-in-thread.ts'
import { Fd } from './fd.ts'
import { addressOf, check, declareRaw } from './libc.ts'
import { errnoNumber } from './system-error.ts'

const send = declareRaw<[fd: number, message: Uint8Array, flags: number]>(
  'intptr_t sendmsg(int, const void *, int)',
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
/** struct msghdr, LP64. */
const MESSAGE_HEADER = 56
/** struct cmsghdr, LP64. */
const CONTROL_HEADER = 16

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
  const control = fds.length === 0 ? undefined : encodeRights(fds)
  const result = withMessage(bytes, control, (message) =>
    send(fd.number, message, MSG_DONTWAIT | MSG_NOSIGNAL),
  )
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
  const control = Buffer.alloc(CONTROL_HEADER + alignedLength(4 * MAX_FDS))
  let header: Buffer = control
  const result = withMessage(buffer, control, (message) => {
    header = message
    return receive(fd.number, message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC)
  })
  if (result === -EAGAIN) return 'again'
  const length = check(result, 'recvmsg')
  const fds = decodeRights(control.subarray(0, Number(header.readBigUInt64LE(40))))
  const truncated = (header.readInt32LE(48) & (MSG_TRUNC | MSG_CTRUNC)) !== 0
  if (!truncated) return { length, fds, truncated }
  for (const received of fds) closeInThread(received)
  return { length, fds: [], truncated }
}

/** Builds a msghdr around one piece of data, and keeps everything it points to alive during `call`. */
function withMessage(
  data: Uint8Array,
  control: Buffer | undefined,
  call: (message: Buffer) => number,
): number {
  const vector = Buffer.alloc(16)
  vector.writeBigUInt64LE(data.length === 0 ? 0n : addressOf(data), 0)
  vector.writeBigUInt64LE(BigInt(data.length), 8)
  const message = Buffer.alloc(MESSAGE_HEADER)
  message.writeBigUInt64LE(addressOf(vector), 16)
  message.writeBigUInt64LE(1n, 24)
  if (control !== undefined) {
    message.writeBigUInt64LE(addressOf(control), 32)
    message.writeBigUInt64LE(BigInt(control.length), 40)
  }
  return call(message)
}

function encodeRights(fds: readonly Fd[]): Buffer {
  const payload = 4 * fds.length
  const control = Buffer.alloc(CONTROL_HEADER + alignedLength(payload))
  control.writeBigUInt64LE(BigInt(CONTROL_HEADER + payload), 0)
  control.writeInt32LE(SOL_SOCKET, 8)
  control.writeInt32LE(SCM_RIGHTS, 12)
  fds.forEach((fd, index) => control.writeInt32LE(fd.number, CONTROL_HEADER + 4 * index))
  return control
}

function decodeRights(control: Buffer): Fd[] {
  const fds: Fd[] = []
  let offset = 0
  while (offset + CONTROL_HEADER <= control.length) {
    const length = Number(control.readBigUInt64LE(offset))
    if (length < CONTROL_HEADER) break
    const end = Math.min(offset + length, control.length)
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
