import { ConnectionError } from './errors.ts'
import { maxFdsPerMessage } from './limits.ts'

/** How a call is to be answered: once, by a stream, or not at all. */
export type CallMode = 'once' | 'more' | 'oneway'

interface Common {
  /** Private channels only: names the call among those of its sender. */
  readonly id: number | undefined
  /** How many descriptors travel with the message; the member `fds` on the wire. */
  readonly fds: number
}

/** A request to run a method. */
export interface CallMessage extends Common {
  readonly kind: 'call'
  /** Qualified, e.g. `io.example.Ping`. */
  readonly method: string
  readonly parameters: object
  readonly mode: CallMode
}

/** An answer, or an error when `error` names one. */
export interface ReplyMessage extends Common {
  readonly kind: 'reply'
  readonly error: string | undefined
  readonly parameters: object
  /** More answers to the same call follow. */
  readonly continues: boolean
}

/** Private channels only: the caller does not wait for the answer any more. */
export interface CancelMessage extends Common {
  readonly kind: 'cancel'
}

/** What travels, https://varlink.org/Method-Call, with the members `id`, `fds` and `cancel` of our own. */
export type Message = CallMessage | ReplyMessage | CancelMessage

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Writes a message with its NUL. Members that say nothing are left out.
 *
 * @throws RangeError when the parameters are nested too deeply for JSON.stringify
 */
export function encodeMessage(message: Message): Uint8Array {
  return Buffer.from(`${JSON.stringify(wireForm(message))}\0`)
}

/** JSON.stringify leaves out the members that are undefined. */
function wireForm(message: Message): object {
  const { id } = message
  const fds = message.fds > 0 ? message.fds : undefined
  switch (message.kind) {
    case 'call': {
      const { method, parameters, mode } = message
      return { id, fds, method, parameters, more: flag(mode === 'more'), oneway: flag(mode === 'oneway') }
    }
    case 'reply':
      return {
        id,
        fds,
        error: message.error,
        parameters: message.parameters,
        continues: flag(message.continues),
      }
    case 'cancel':
      return { id, fds, cancel: true }
    default:
      return message satisfies never
  }
}

function flag(set: boolean): true | undefined {
  return set ? true : undefined
}

/**
 * Reads a message.
 *
 * @param bytes without the NUL
 * @throws ConnectionError `malformed`, never with a piece of the message in it
 */
export function decodeMessage(bytes: Uint8Array): Message {
  const wire = parseObject(bytes)
  const id = readCount(wire.id, 'id', Number.MAX_SAFE_INTEGER)
  const fds = readCount(wire.fds, 'fds', maxFdsPerMessage) ?? 0
  const parameters = wire.parameters ?? {}
  if (!isObject(parameters)) throw malformed('parameters is not an object')
  const method = wire.method ?? undefined
  const error = wire.error ?? undefined
  if (method !== undefined) {
    if (typeof method !== 'string') throw malformed('method is not a string')
    return { kind: 'call', id, fds, method, parameters, mode: readMode(wire) }
  }
  if (readFlag(wire.cancel, 'cancel')) return { kind: 'cancel', id, fds }
  if (error !== undefined && typeof error !== 'string') throw malformed('error is not a string')
  return { kind: 'reply', id, fds, error, parameters, continues: readFlag(wire.continues, 'continues') }
}

/** The members of a message that mean something; any other is no matter. */
interface WireMembers {
  readonly id?: unknown
  readonly fds?: unknown
  readonly method?: unknown
  readonly error?: unknown
  readonly parameters?: unknown
  readonly more?: unknown
  readonly oneway?: unknown
  readonly continues?: unknown
  readonly cancel?: unknown
}

function parseObject(bytes: Uint8Array): WireMembers {
  let value: unknown
  try {
    value = JSON.parse(strictUtf8.decode(bytes))
  } catch {
    throw malformed('a message is not JSON in UTF-8')
  }
  if (!isObject(value)) throw malformed('a message is not an object')
  return value
}

function readMode(wire: WireMembers): CallMode {
  const more = readFlag(wire.more, 'more')
  const oneway = readFlag(wire.oneway, 'oneway')
  if (more && oneway) throw malformed('more and oneway exclude each other')
  return more ? 'more' : oneway ? 'oneway' : 'once'
}

/** Null means absent, as Varlink has it; here and below. */
function readFlag(value: unknown, name: string): boolean {
  if (value === undefined || value === null) return false
  if (typeof value !== 'boolean') throw malformed(`${name} is not true or false`)
  return value
}

function readCount(value: unknown, name: string, most: number): number | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || value > most) {
    throw malformed(`${name} is not an integer from 0 to ${most}`)
  }
  return value
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function malformed(message: string): ConnectionError {
  return new ConnectionError('malformed', message)
}
