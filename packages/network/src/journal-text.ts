import type { JournalEntry } from './journal.ts'

/**
 * The text of an entry, and a checksum: its file is written over in place, so after a power cut any mixture of what it held
 * before and after may be in it.
 */
export function formatJournalEntry(entry: JournalEntry): string {
  return withChecksum(JSON.stringify(entry))
}

/** A text without line ends, as a journal holds it. */
export function withChecksum(text: string): string {
  return `${text}\n${checksum(text)}\n`
}

/**
 * Reads an entry back.
 *
 * @param content of its file: the text, and whatever was there before
 * @returns undefined for no entry, or one that was not written whole: it was being written or removed, and no step had begun
 * or all were undone
 * @throws Error for a whole text of another version or form
 */
export function parseJournalEntry(content: string): JournalEntry | undefined {
  const [text = '', sum, rest] = content.split('\n')
  if (rest === undefined || sum !== checksum(text)) return undefined
  const value: unknown = JSON.parse(text)
  if (isEntry(value)) return value
  throw new Error('is not a journal entry of version 1')
}

/**
 * Adler-32 (RFC 1950, 8.2) over UTF-16 units. It is no seal, and need not be one: the directory is the service's alone. Seldom as it
 * is needed, a hash of node:crypto takes fifteen times as long, 0.1 ms of every `create`.
 */
function checksum(text: string): string {
  let sum = 1
  let sums = 0
  for (let at = 0; at < text.length; at++) {
    sum = (sum + text.charCodeAt(at)) % 65_521
    sums = (sums + sum) % 65_521
  }
  return (sums * 65_536 + sum).toString(16)
}

const kinds: ReadonlySet<unknown> = new Set([
  'link',
  'sysctl',
  'routes',
  'guard',
  'dns',
  'dns-link',
  'dns-rewrite',
  'identity',
  'sockets',
  'rules',
])

/** The directory belongs to the service alone; this tells a foreign or older file, it does not defend against an attacker. */
function isEntry(value: unknown): value is JournalEntry {
  if (!isRecord(value)) return false
  const { version, instance, slot, interfaceName, owner, bootId, networkNamespace, createdAt, undo } = value
  const { networkNamespaceCookie: cookie = '' } = value
  return (
    version === 1 &&
    typeof instance === 'string' &&
    Number.isInteger(slot) &&
    typeof interfaceName === 'string' &&
    isRecord(owner) &&
    typeof bootId === 'string' &&
    typeof networkNamespace === 'string' &&
    typeof cookie === 'string' &&
    typeof createdAt === 'number' &&
    Array.isArray(undo) &&
    undo.every((step) => isRecord(step) && kinds.has(step['kind']))
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
