import { Transport } from './message-layout.ts'

/** Reads 32 bits, least significant byte first, as all numbers of the protocol are (section 5.4). */
export function readUint32(bytes: Uint8Array, offset: number): number {
  return readInt32(bytes, offset) >>> 0
}

/** The same bits as a signed number. */
export function readInt32(bytes: Uint8Array, offset: number): number {
  const low = (bytes[offset] ?? 0) | ((bytes[offset + 1] ?? 0) << 8) | ((bytes[offset + 2] ?? 0) << 16)
  return low | ((bytes[offset + 3] ?? 0) << 24)
}

/** Writes 32 bits, least significant byte first. */
export function writeUint32(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value
  bytes[offset + 1] = value >>> 8
  bytes[offset + 2] = value >>> 16
  bytes[offset + 3] = value >>> 24
}

/**
 * The counter of a transport message. Those of 2^53 and above come out rounded, which is harmless because all of them are
 * beyond REJECT_AFTER_MESSAGES.
 *
 * @param offset where the message begins
 */
export function readCounter(bytes: Uint8Array, offset: number): number {
  const at = offset + Transport.counter
  return readUint32(bytes, at + 4) * 2 ** 32 + readUint32(bytes, at)
}

/**
 * Writes the 16 bytes before the sealed packet (section 5.4.6).
 *
 * @param offset where the message begins
 * @param receiver the index the receiver gave the session
 * @param counter below 2^53
 */
export function writeTransportHeader(
  bytes: Uint8Array,
  offset: number,
  receiver: number,
  counter: number,
): void {
  writeUint32(bytes, offset, 4)
  writeUint32(bytes, offset + Transport.receiver, receiver)
  writeUint32(bytes, offset + Transport.counter, counter)
  writeUint32(bytes, offset + Transport.counter + 4, Math.floor(counter / 2 ** 32))
}
