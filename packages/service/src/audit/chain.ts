import { createHash } from 'node:crypto'
import { readSync } from 'node:fs'

/** What a check of the chain found. Lines are counted from 1. */
export type AuditVerdict =
  | { readonly intact: true; readonly lines: number }
  | { readonly intact: false; readonly line: number; readonly reason: string }

/** The `previous` of the first line. */
export const noPrevious: string = '0'.repeat(64)

const chunkBytes = 64 * 1024

/** SHA-256 of a line without its newline, 64 hexadecimal digits. */
export function hashLine(line: string): string {
  return createHash('sha256').update(line).digest('hex')
}

/** A file read to its end. */
export interface ChainEnd {
  readonly verdict: AuditVerdict
  /** Hash of the last line, finished or not. */
  readonly last: string
  /** The last line has no newline: it was cut off while it was written. */
  readonly torn: boolean
}

/** Reads a chain, in pieces: the file may be large. */
export function readChain(fd: number): ChainEnd {
  return followChain(chunksOf(fd))
}

/** Checks the chain of an audit file's text. */
export function verifyAuditText(text: string): AuditVerdict {
  return followChain([text]).verdict
}

function followChain(chunks: Iterable<string>): ChainEnd {
  let rest = ''
  let lines = 0
  let last = noPrevious
  let broken: AuditVerdict | undefined
  const take = (line: string): void => {
    lines += 1
    if (previousOf(line) !== last) {
      broken ??= { intact: false, line: lines, reason: 'does not continue the line before it' }
    }
    last = hashLine(line)
  }
  for (const chunk of chunks) {
    const parts = (rest + chunk).split('\n')
    rest = parts.pop() ?? ''
    for (const line of parts) take(line)
  }
  const torn = rest !== ''
  if (torn) {
    last = hashLine(rest)
    broken ??= { intact: false, line: lines + 1, reason: 'was cut off' }
  }
  return { verdict: broken ?? { intact: true, lines }, last, torn }
}

function* chunksOf(fd: number): Generator<string> {
  const decoder = new TextDecoder()
  const buffer = new Uint8Array(chunkBytes)
  for (let offset = 0; ;) {
    const length = readSync(fd, buffer, 0, buffer.length, offset)
    if (length === 0) return
    offset += length
    yield decoder.decode(buffer.subarray(0, length), { stream: true })
  }
}

function previousOf(line: string): unknown {
  try {
    const entry: unknown = JSON.parse(line)
    return typeof entry === 'object' && entry !== null && 'previous' in entry ? entry.previous : undefined
  } catch {
    return undefined
  }
}
