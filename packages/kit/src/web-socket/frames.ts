import { randomBytes } from 'node:crypto'

/** RFC 6455, section 5.2. */
export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

/** Longest message that is taken together, bytes. */
const maxMessage = 64 * 1024 * 1024
/** Control frames carry no more (RFC 6455, section 5.5). */
const maxControl = 125

/** What the other end does wrong, with the code that it is told (RFC 6455, section 7.4.1). */
export class FrameError extends Error {
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

/** A whole message, or a control frame. */
export interface Message {
  readonly opcode: number
  readonly payload: Buffer
}

interface Frame extends Message {
  readonly isFinal: boolean
  /** Bytes, head and payload. */
  readonly end: number
}

/** A frame as a client sends it: masked, the whole message in one. */
export function clientFrame(opcode: number, payload: Uint8Array): Buffer {
  const { length } = payload
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8
  const frame = Buffer.alloc(6 + extended + length)
  frame[0] = 0x80 | opcode
  frame[1] = 0x80 | (extended === 0 ? length : extended === 2 ? 126 : 127)
  if (extended === 2) frame.writeUInt16BE(length, 2)
  if (extended === 8) frame.writeBigUInt64BE(BigInt(length), 2)
  const mask = randomBytes(4)
  mask.copy(frame, 2 + extended)
  const start = 6 + extended
  for (let index = 0; index < length; index++)
    frame[start + index] = (payload[index] ?? 0) ^ (mask[index & 3] ?? 0)
  return frame
}

/** Makes messages of the bytes that a server sends, however they are cut. */
export class FrameReader {
  /** What is no whole frame yet. */
  #chunks: Buffer[] = []
  #size = 0
  /** Fewer bytes are no whole frame for certain: they need not be looked at. */
  #needed = 2
  /** Of a message whose end has not come. */
  #parts: Buffer[] = []
  #joined = 0
  #opcode = 0

  /** @throws FrameError */
  push(bytes: Buffer): Message[] {
    this.#chunks.push(bytes)
    this.#size += bytes.length
    const messages: Message[] = []
    if (this.#size < this.#needed) return messages
    let rest = Buffer.concat(this.#chunks)
    for (;;) {
      const frame = this.#read(rest)
      if (frame === undefined) break
      rest = rest.subarray(frame.end)
      const message = this.#join(frame)
      if (message !== undefined) messages.push(message)
    }
    this.#chunks = [rest]
    this.#size = rest.length
    return messages
  }

  #read(rest: Buffer): Frame | undefined {
    this.#needed = 2
    const [first, second] = rest
    if (first === undefined || second === undefined) return undefined
    if ((first & 0x70) !== 0) throw new FrameError(1002, 'a frame has bits of extensions')
    if ((second & 0x80) !== 0) throw new FrameError(1002, 'a frame of the server is masked')
    const opcode = first & 0x0f
    const isFinal = (first & 0x80) !== 0
    const short = second & 0x7f
    if (opcode >= opcodes.close && (!isFinal || short > maxControl))
      throw new FrameError(1002, 'a control frame is long or in parts')
    const start = short < 126 ? 2 : short === 126 ? 4 : 10
    this.#needed = start
    if (rest.length < start) return undefined
    const length = start === 2 ? short : start === 4 ? rest.readUInt16BE(2) : Number(rest.readBigUInt64BE(2))
    if (length + this.#joined > maxMessage)
      throw new FrameError(1009, `a message has more than ${maxMessage} bytes`)
    const end = start + length
    this.#needed = end
    return rest.length < end ? undefined : { opcode, isFinal, end, payload: rest.subarray(start, end) }
  }

  #join({ opcode, isFinal, payload }: Frame): Message | undefined {
    if (opcode >= opcodes.close) {
      if (opcode > opcodes.pong) throw new FrameError(1002, `there is no opcode ${opcode}`)
      return { opcode, payload }
    }
    if (opcode > opcodes.binary) throw new FrameError(1002, `there is no opcode ${opcode}`)
    const isBegun = this.#parts.length > 0
    if (isBegun !== (opcode === opcodes.continuation))
      throw new FrameError(1002, 'parts of messages are mixed up')
    if (!isBegun) this.#opcode = opcode
    this.#parts.push(payload)
    this.#joined += payload.length
    if (!isFinal) return undefined
    const message = { opcode: this.#opcode, payload: Buffer.concat(this.#parts) }
    this.#parts = []
    this.#joined = 0
    return message
  }
}

/** The payload of a close frame. @param reason cut to what fits, not inside a character */
export function closePayload(code: number, reason: string): Buffer {
  const text = Buffer.from(reason)
  const fitting =
    text.length <= maxControl - 2
      ? text
      : Buffer.from(new TextDecoder().decode(text.subarray(0, maxControl - 2)).replace(/\uFFFD+$/, ''))
  const payload = Buffer.alloc(2 + fitting.length)
  payload.writeUInt16BE(code)
  fitting.copy(payload, 2)
  return payload
}

/** What a close frame says: 1000 when it says nothing, as on the device. */
export function readClose(payload: Buffer): { readonly code: number; readonly reason: string } {
  if (payload.length < 2) return { code: 1000, reason: '' }
  return { code: payload.readUInt16BE(0), reason: payload.subarray(2).toString() }
}
