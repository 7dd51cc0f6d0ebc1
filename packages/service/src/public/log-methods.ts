import type { LogEntry } from '../logs/log-entry.ts'
import { aborted, requireMore } from './aborted.ts'
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
        for (const entry of parts.logs.last(isWanted, last)) call.reply({ entry })
        if (!follow) return undefined
        const following = parts.logs.follow((entry) => {
          if (isWanted(entry) && !call.signal.aborted) call.reply({ entry })
        })
        await aborted(call.signal)
        following[Symbol.dispose]()
        return undefined
      }),
  }
}

/** What concerns no bundle concerns the machine. */
function isVisible(entry: LogEntry, { standing, sees }: Access): boolean {
  return entry.bundleName === '' ? standing === 'admin' : sees(entry.ownerUid)
}
