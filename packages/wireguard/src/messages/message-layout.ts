import { KEY_LENGTH, MAX_MESSAGE, TAG_LENGTH, TIMESTAMP_LENGTH } from '../constants.ts'

/** The first byte of a message; three zero bytes follow (sections 5.4.2, 5.4.3, 5.4.7 and 5.4.6). */
export const MessageType = { initiation: 1, response: 2, cookieReply: 3, transport: 4 } as const
export type MessageType = (typeof MessageType)[keyof typeof MessageType]

/** A message that carries mac1 and mac2. */
export type HandshakeMessageType = typeof MessageType.initiation | typeof MessageType.response

/** Where the fields of a handshake initiation begin, bytes (section 5.4.2). */
export const Initiation = {
  sender: 4,
  ephemeral: 8,
  static: 40,
  timestamp: 88,
  mac1: 116,
  mac2: 132,
  length: 148,
} as const

/** Where the fields of a handshake response begin, bytes (section 5.4.3). */
export const Response = {
  sender: 4,
  receiver: 8,
  ephemeral: 12,
  empty: 44,
  mac1: 60,
  mac2: 76,
  length: 92,
} as const

/** Where the fields of a cookie reply begin, bytes (section 5.4.7). */
export const CookieReply = {
  receiver: 4,
  nonce: 8,
  cookie: 32,
  length: 64,
} as const

/** Where the fields of a transport message begin, bytes (section 5.4.6). The shortest one carries an empty packet. */
export const Transport = {
  receiver: 4,
  counter: 8,
  packet: 16,
  /** Bytes that a message is longer than its packet: header and tag. */
  overhead: 32,
} as const

/** Bytes of the sealed static key and of the sealed timestamp of an initiation. */
export const SEALED_KEY_LENGTH: number = KEY_LENGTH + TAG_LENGTH
export const SEALED_TIMESTAMP_LENGTH: number = TIMESTAMP_LENGTH + TAG_LENGTH

/**
 * What kind of message a datagram is, by its first four bytes and its length.
 *
 * @param offset where the datagram begins in `bytes`
 * @param length of the datagram, bytes
 * @returns 0 for what is no WireGuard message
 */
export function messageType(bytes: Uint8Array, offset: number, length: number): MessageType | 0 {
  if (
    length < Transport.overhead ||
    length > MAX_MESSAGE ||
    bytes[offset + 1] !== 0 ||
    bytes[offset + 2] !== 0 ||
    bytes[offset + 3] !== 0
  ) {
    return 0
  }
  switch (bytes[offset]) {
    case MessageType.initiation:
      return length === Initiation.length ? MessageType.initiation : 0
    case MessageType.response:
      return length === Response.length ? MessageType.response : 0
    case MessageType.cookieReply:
      return length === CookieReply.length ? MessageType.cookieReply : 0
    case MessageType.transport:
      return MessageType.transport
    default:
      return 0
  }
}
