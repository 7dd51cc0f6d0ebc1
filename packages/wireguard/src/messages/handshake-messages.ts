import { KEY_LENGTH, TAG_LENGTH } from '../constants.ts'
import { readUint32, writeUint32 } from './fields.ts'
import {
  Initiation,
  MessageType,
  Response,
  SEALED_KEY_LENGTH,
  SEALED_TIMESTAMP_LENGTH,
} from './message-layout.ts'

/** What a handshake initiation says, without its macs (section 5.4.2). */
export interface InitiationFields {
  /** The index by which the initiator wants to be answered. */
  readonly sender: number
  /** 32 bytes. */
  readonly ephemeral: Uint8Array
  /** The initiator's sealed public key, 48 bytes. */
  readonly sealedStatic: Uint8Array
  /** Its sealed TAI64N timestamp, 28 bytes. */
  readonly sealedTimestamp: Uint8Array
}

/** What a handshake response says, without its macs (section 5.4.3). */
export interface ResponseFields {
  /** The index by which the responder wants to be sent to. */
  readonly sender: number
  /** The initiation's sender. */
  readonly receiver: number
  /** 32 bytes. */
  readonly ephemeral: Uint8Array
  /** A sealed nothing: 16 bytes of tag. */
  readonly sealedEmpty: Uint8Array
}

/** Writes 148 bytes at `offset`, the macs as zeros. */
export function encodeInitiation(bytes: Uint8Array, offset: number, fields: InitiationFields): void {
  bytes.fill(0, offset, offset + Initiation.length)
  bytes[offset] = MessageType.initiation
  writeUint32(bytes, offset + Initiation.sender, fields.sender)
  bytes.set(fields.ephemeral, offset + Initiation.ephemeral)
  bytes.set(fields.sealedStatic, offset + Initiation.static)
  bytes.set(fields.sealedTimestamp, offset + Initiation.timestamp)
}

/** The fields of the 148 bytes at `offset`, whose type {@link messageType} found right. The arrays are views. */
export function decodeInitiation(bytes: Uint8Array, offset: number): InitiationFields {
  return {
    sender: readUint32(bytes, offset + Initiation.sender),
    ephemeral: view(bytes, offset + Initiation.ephemeral, KEY_LENGTH),
    sealedStatic: view(bytes, offset + Initiation.static, SEALED_KEY_LENGTH),
    sealedTimestamp: view(bytes, offset + Initiation.timestamp, SEALED_TIMESTAMP_LENGTH),
  }
}

/** Writes 92 bytes at `offset`, the macs as zeros. */
export function encodeResponse(bytes: Uint8Array, offset: number, fields: ResponseFields): void {
  bytes.fill(0, offset, offset + Response.length)
  bytes[offset] = MessageType.response
  writeUint32(bytes, offset + Response.sender, fields.sender)
  writeUint32(bytes, offset + Response.receiver, fields.receiver)
  bytes.set(fields.ephemeral, offset + Response.ephemeral)
  bytes.set(fields.sealedEmpty, offset + Response.empty)
}

/** The fields of the 92 bytes at `offset`, whose type {@link messageType} found right. The arrays are views. */
export function decodeResponse(bytes: Uint8Array, offset: number): ResponseFields {
  return {
    sender: readUint32(bytes, offset + Response.sender),
    receiver: readUint32(bytes, offset + Response.receiver),
    ephemeral: view(bytes, offset + Response.ephemeral, KEY_LENGTH),
    sealedEmpty: view(bytes, offset + Response.empty, TAG_LENGTH),
  }
}

function view(bytes: Uint8Array, offset: number, length: number): Uint8Array {
  return bytes.subarray(offset, offset + length)
}
