/**
 * Zip archives, for others than the reader of projects.
 *
 * ```ts
 * import { readZipEntries, unpackFile } from '@vpnext/arkts/zip'
 *
 * for (const entry of readZipEntries(readFileSync('a.zip'))) {
 *   if (entry.kind === 'file') await unpackFile(entry, 'folder')
 * }
 * ```
 *
 * @packageDocumentation
 */
export { type ArchiveEntry, ArchiveError, checkAmount, safePath, unpackFile } from './archive-entry.ts'
export { crc32, crcTable, readZipEntries } from './zip-entries.ts'
