import type { LogEntry } from '../logs/log-entry.ts'
import { aborted, requireMore } from './aborted.ts'
import { asPermitted } from './access.ts'
import type { Methods, PublicParts } from './public-parts.ts'

/** ReadLogs. */
export function logMethods(parts: PublicParts): Methods<'ReadLogs'> {
  return {
    ReadLogs: ({ bundleName, follow, last }, call) =>
      asPermitted('ReadLogs', call, parts.rules, async ({ standing, sees }) => {
        requireMore(call)
        // What concerns no bundle concerns the machine.
        const isWanted = (entry: LogEntry): boolean =>
          (bundleName === undefined || entry.bundleName === bundleName) &&
          (entry.bundleName === '' ? standing === 'admin' : sees(entry.ownerUid))
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
