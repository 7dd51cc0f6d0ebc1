import type { JournalEntry } from './journal.ts'

/** The text of an entry. The last character is a line end, so a file that was not written to its end is known. */
export function formatJournalEntry(entry: JournalEntry): string {
  return `${JSON.stringify(entry)}\n`
}

/**
 * Reads an entry back.
 *
 * @returns undefined for a text that ends too early: the entry was being written, so no step had begun
 * @throws Error for a whole text of another version or form
 */
export function parseJournalEntry(text: string): JournalEntry | undefined {
  // After a power cut the end may be zeros.
  if (!text.endsWith('\n') || text.includes('\0')) return undefined
  const value: unknown = JSON.parse(text)
  if (isEntry(value)) return value
  throw new Error('is not a journal entry of version 1')
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
