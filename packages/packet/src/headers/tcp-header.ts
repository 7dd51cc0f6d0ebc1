import { checkField, copyOf, viewOf } from './byte-view.ts'

/** Flags of a TCP header (RFC 9293, 3.1), to be combined. */
export const tcpFlag = {
  fin: 0x01,
  syn: 0x02,
  rst: 0x04,
  psh: 0x08,
  ack: 0x10,
  urg: 0x20,
  ece: 0x40,
  cwr: 0x80,
} as const

/** A TCP header without its checksum. */
export interface TcpHeader {
  readonly sourcePort: number
  readonly destinationPort: number
  readonly sequence: number
  readonly acknowledgement: number
  /** The sum of `tcpFlag` values. */
  readonly flags: number
  /** Unscaled. */
  readonly window: number
  readonly urgentPointer: number
  /** 0 to 40 bytes, a multiple of 4. */
  readonly options: Uint8Array
}

/** Reads the TCP header at the start of a segment. @returns undefined when it is cut or contradicts itself */
export function parseTcp(segment: Uint8Array): { header: TcpHeader; headerLength: number } | undefined {
  if (segment.length < 20) return undefined
  const view = viewOf(segment)
  const headerLength = (view.getUint8(12) >> 4) * 4
  if (headerLength < 20 || headerLength > segment.length) return undefined
  return {
    headerLength,
    header: {
      sourcePort: view.getUint16(0),
      destinationPort: view.getUint16(2),
      sequence: view.getUint32(4),
      acknowledgement: view.getUint32(8),
      flags: view.getUint8(13),
      window: view.getUint16(14),
      urgentPointer: view.getUint16(18),
      options: copyOf(segment, 20, headerLength),
    },
  }
}

/** Writes a TCP header with checksum 0. @throws RangeError naming the field that does not fit */
export function formatTcp(header: TcpHeader): Uint8Array {
  const { options } = header
  if (options.length > 40 || options.length % 4 !== 0)
    throw new RangeError(`options: ${options.length} bytes`)
  const bytes = new Uint8Array(20 + options.length)
  const view = viewOf(bytes)
  view.setUint16(0, checkField(header.sourcePort, 16, 'sourcePort'))
  view.setUint16(2, checkField(header.destinationPort, 16, 'destinationPort'))
  view.setUint32(4, checkField(header.sequence, 32, 'sequence'))
  view.setUint32(8, checkField(header.acknowledgement, 32, 'acknowledgement'))
  view.setUint8(12, (bytes.length / 4) << 4)
  view.setUint8(13, checkField(header.flags, 8, 'flags'))
  view.setUint16(14, checkField(header.window, 16, 'window'))
  view.setUint16(18, checkField(header.urgentPointer, 16, 'urgentPointer'))
  bytes.set(options, 20)
  return bytes
}
