import { align4, HEADER_SIZE, NLM_F_ACK_TLVS, NLM_F_CAPPED } from './constants.ts'
import { Attributes } from './attributes.ts'

/** One message inside a received datagram. The bytes belong to the datagram's buffer and change with the next one. */
export interface NetlinkMessage {
  readonly type: number
  readonly flags: number
  readonly sequence: number
  readonly source: Buffer
  /** Where the payload starts and ends in `source`. */
  readonly start: number
  readonly end: number
}

/** The kernel's answer to one request. */
export interface Acknowledgement {
  /** Positive error number, 0 = done. */
  readonly errno: number
  /** The kernel's explanation (NLMSGERR_ATTR_MSG). */
  readonly text: string | undefined
}

const NLMSGERR_ATTR_MSG = 1
const explanation = new Attributes(NLMSGERR_ATTR_MSG)

/**
 * The messages of a datagram.
 *
 * @param source a buffer whose first `length` bytes were received
 * @returns as many as are complete
 */
export function* readMessages(source: Buffer, length: number): Generator<NetlinkMessage, void, undefined> {
  for (let at = 0; at + HEADER_SIZE <= length;) {
    const size = source.readUInt32LE(at)
    if (size < HEADER_SIZE || at + size > length) return
    yield {
      type: source.readUInt16LE(at + 4),
      flags: source.readUInt16LE(at + 6),
      sequence: source.readUInt32LE(at + 8),
      source,
      start: at + HEADER_SIZE,
      end: at + size,
    }
    at += align4(size)
  }
}

/**
 * Reads the payload of an NLMSG_ERROR or NLMSG_DONE message: errno i32 (negative), then, in an error only, the request's
 * header (all of the request unless the flag CAPPED is set), then attributes if the flag ACK_TLVS is set.
 */
export function readAcknowledgement(message: NetlinkMessage, echoesRequest: boolean): Acknowledgement {
  const { source, start, end, flags } = message
  if (end - start < 4) return { errno: 0, text: undefined }
  const errno = -source.readInt32LE(start)
  if ((flags & NLM_F_ACK_TLVS) === 0) return { errno, text: undefined }
  let at = start + 4
  if (echoesRequest && at + HEADER_SIZE <= end) {
    at += (flags & NLM_F_CAPPED) === 0 ? align4(source.readUInt32LE(at)) : HEADER_SIZE
  }
  return { errno, text: explanation.read(source, at, end).text(NLMSGERR_ATTR_MSG) }
}
