import type { LogLine } from '@vpnext/kit'
import { BroadcastChannel } from 'node:worker_threads'

/** Reaches every thread of the process, and no other process. */
const channelName = 'vpnext.log'
const levels: readonly unknown[] = ['debug', 'info', 'warn', 'error', 'fatal']

/** Sends the lines of a thread to the main one. */
export function threadLog(): (line: LogLine) => void {
  const channel = new BroadcastChannel(channelName)
  channel.unref()
  return ({ level, domain, tag, message }) => {
    // Threads have no origins.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    channel.postMessage({ level, domain, tag, message })
  }
}

/** Takes the lines of all threads, from the first on. @param add called for what really is a line; any code can post */
export function collectThreadLogs(add: (line: LogLine) => void): void {
  // Not before: a channel takes a start longer than all else that has to do with threads.
  process.once('worker', () => {
    const channel = new BroadcastChannel(channelName)
    channel.unref()
    channel.addEventListener('message', (event) => {
      const data: unknown = 'data' in event ? event.data : undefined
      if (isLine(data)) add(data)
    })
  })
}

function isLine(value: unknown): value is LogLine {
  if (typeof value !== 'object' || value === null) return false
  const { level, domain, tag, message } = value as Partial<Record<keyof LogLine, unknown>>
  return (
    levels.includes(level) &&
    Number.isInteger(domain) &&
    typeof tag === 'string' &&
    typeof message === 'string'
  )
}
