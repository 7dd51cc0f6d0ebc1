import type { LogEntry } from '../logs/log-entry.ts'
import { LogReader } from '../logs/log-reader.ts'
import { requireMore } from './aborted.ts'
import { type Access, asPermitted } from './access.ts'
import type { Methods, PublicParts } from './public-parts.ts'

/** ReadLogs and ClearLogs. */
export function logMethods(parts: PublicParts): Methods<'ReadLogs' | 'ClearLogs'> {
  return {
    ClearLogs: (_none, call) =>
      asPermitted('ClearLogs', call, parts.rules, (access) => ({
        forgotten: parts.logs.forget((entry) => isVisible(entry, access)),
      })),
    ReadLogs: ({ bundleName, follow, last }, call) =>
      asPermitted('ReadLogs', call, parts.rules, async (access) => {
        requireMore(call)
        const isWanted = (entry: LogEntry): boolean =>
          (bundleName === undefined || entry.bundleName === bundleName) && isVisible(entry, access)
        const reader = new LogReader(parts.logs, isWanted, last)
        await reader.read(call, { follow })
        return undefined
      }),
  }
}

/** What concerns no bundle concerns the machine. */
function isVisible(entry: LogEntry, { standing, sees }: Access): boolean {
  return entry.bundleName === '' ? standing === 'admin' : sees(entry.ownerUid)
}
