import { businessError } from '@vpnext/api'
import type { Handlers } from '@vpnext/varlink'
import { hostKind } from '../abilities/ability-target.ts'
import type { HostRun } from '../abilities/host-run.ts'
import type { LogBook } from '../logs/log-book.ts'
import type { LogEntry } from '../logs/log-entry.ts'
import type { hostInterface } from '../protocol/host-interface.ts'
import { answeringHost } from '../protocol-errors.ts'

/** What a process that runs tests may do with the log: with the lines of its own bundle and user alone. */
export function testLogMethods(
  run: HostRun,
  logs: LogBook,
): Pick<Handlers<typeof hostInterface>, 'SearchLog' | 'ClearLog'> {
  const { bundle, owner } = run.target
  const isOwn = (entry: LogEntry): boolean =>
    entry.bundleName === bundle.bundleName && entry.ownerUid === owner.uid
  const checkTest = (): void => {
    if (hostKind(run.target) !== 'test') throw businessError(201, { reason: 'this process runs no tests' })
  }
  return {
    SearchLog: ({ text }) =>
      answeringHost(() => {
        checkTest()
        const wanted = text.toLowerCase()
        const has = ({ tag, message }: LogEntry): boolean =>
          `${tag}: ${message}`.toLowerCase().includes(wanted)
        return { found: logs.last((entry) => isOwn(entry) && has(entry), 1).length > 0 }
      }),
    ClearLog: () =>
      answeringHost(() => {
        checkTest()
        logs.forget(isOwn)
        return {}
      }),
  }
}
