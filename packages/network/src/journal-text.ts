import { createHash } from 'node:crypto'
import type { JournalEntry } from './journal.ts'

/**
 * The text of an entry, and a checksum: its file is written over in place, so after a power cut any mixture of what it held
 * before and after may be in it.
 */
export function formatJournalEntry(entry: JournalEntry): string {
  const text = JSON.stringify(entry)
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

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('base64')
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
  return (
    version === 1 &&
    typeof instance === 'string' &&
    Number.isInteger(slot) &&
    typeof interfaceName === 'string' &&
    isRecord(owner) &&
    typeof bootId === 'string' &&
    typeof networkNamespace === 'string' &&
    typeof createdAt === 'number' &&
    Array.isArray(undo) &&
    undo.every((step) => isRecord(step) && kinds.has(step['kind']))
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
