/** A question of a DNS query (RFC 1035, section 4.1.2). */
export interface DnsQuestion {
  readonly id: number
  /** Lower case, without the final dot. */
  readonly name: string
  /** 1 A, 28 AAAA, … */
  readonly type: number
  /** The question section as it came, for the answer. */
  readonly section: Uint8Array
}

export const dnsTypes = { A: 1, AAAA: 28 } as const

const headerSize = 12
const responseFlags = 0x8580 // QR, AA, RD, RA
const noSuchName = 3
const classInternet = 1
/** Points to the name of the question, which always starts right after the header. */
const namePointer = 0xc000 | headerSize
const timeToLiveSeconds = 1

/** The question of a query, or undefined for what is no query with exactly one question. */
export function parseDnsQuery(message: Uint8Array): DnsQuestion | undefined {
  const view = Buffer.from(message.buffer, message.byteOffset, message.byteLength)
  if (view.length < headerSize || (view.readUInt16BE(2) & 0x8000) !== 0 || view.readUInt16BE(4) !== 1)
    return undefined
  const labels: string[] = []
  let offset = headerSize
  for (;;) {
    const length = view[offset++]
    if (length === undefined || length > 63 || offset + length > view.length) return undefined
    if (length === 0) break
    labels.push(view.toString('latin1', offset, offset + length).toLowerCase())
    offset += length
  }
  if (offset + 4 > view.length) return undefined
  const section = view.subarray(headerSize, offset + 4)
  return { id: view.readUInt16BE(0), name: labels.join('.'), type: view.readUInt16BE(offset), section }
}

/**
 * An answer to a question.
 *
 * @param answer the record's data, 4 or 16 bytes of an address; `'empty'` when the name has no record of that type;
 * `'no such name'`
 */
export function dnsAnswer(question: DnsQuestion, answer: Uint8Array | 'empty' | 'no such name'): Uint8Array {
  const header = Buffer.alloc(headerSize)
  header.writeUInt16BE(question.id, 0)
  header.writeUInt16BE(responseFlags | (answer === 'no such name' ? noSuchName : 0), 2)
  header.writeUInt16BE(1, 4)
  if (typeof answer === 'string') return Buffer.concat([header, question.section])
  header.writeUInt16BE(1, 6)
  const record = Buffer.alloc(12)
  record.writeUInt16BE(namePointer, 0)
  record.writeUInt16BE(question.type, 2)
  record.writeUInt16BE(classInternet, 4)
  record.writeUInt32BE(timeToLiveSeconds, 6)
  record.writeUInt16BE(answer.length, 10)
  return Buffer.concat([header, question.section, record, answer])
}
