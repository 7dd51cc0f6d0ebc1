import type { Infer } from '@vpnext/varlink'
import type { logEntry } from '../protocol/types.ts'

/** One line of the log, as `ReadLogs` gives it out. */
export type LogEntry = Infer<typeof logEntry>

export type LogLevel = LogEntry['level']

/** Whose line it is. The service's own lines that concern no bundle have `''` and uid 0. */
export interface LogSubject {
  readonly bundleName: string
  readonly ownerUid: number
  /** 0 when no process is meant. */
  readonly pid: number
}

/** The subject of what concerns the service as a whole. */
export const serviceSubject: LogSubject = { bundleName: '', ownerUid: 0, pid: process.pid }
