import type { LogLine } from '@vpnext/kit'

/** Longest message, in characters; longer ones are cut. hilog's own limit on the device is similar. */
const maxMessage = 4096
/** Lines that may wait; more are dropped and counted. */
const maxWaiting = 2000
/** Lines per second in the long run, and at once. */
const ratePerSecond = 1000
const burst = 4000
/** Lines sent before it is known that they have left the process. */
const batch = 64

/** Where lines go. */
export interface LogChannel {
  /** Sends one line without waiting; nothing when the channel is closed. */
  send(line: LogLine): void
  /** Resolves when what was sent has left the process, or the channel is closed. */
  drained(): Promise<void>
}

/**
 * Lines on their way to the service: in order, never waited for, and never more than the other end can take. They leave at
 * once, as on the device: what comes next may be an endless loop, or the end of the process in native code. What is above
 * the limits is dropped, and a line says how many were.
 */
export class LogQueue {
  readonly #channel: LogChannel
  readonly #waiting: LogLine[] = []
  #tokens = burst
  #filledAt = performance.now()
  #dropped = 0
  /** Lines sent that may still be in the process. */
  #sent = 0
  #pump: Promise<void> | undefined

  constructor(channel: LogChannel) {
    this.#channel = channel
  }

  /** Takes a line. Never throws. */
  add(line: LogLine): void {
    if (this.#waiting.length >= maxWaiting || !this.#takeToken()) {
      this.#dropped++
      return
    }
    if (this.#dropped > 0) {
      this.#waiting.push(droppedLine(this.#dropped))
      this.#dropped = 0
    }
    this.#waiting.push(cut(line))
    this.#sendWaiting()
    this.#pump ??= this.#run()
  }

  /** Resolves when every line taken so far has left the process, or the channel is closed. */
  async flush(): Promise<void> {
    if (this.#dropped > 0) {
      this.#waiting.push(droppedLine(this.#dropped))
      this.#dropped = 0
      this.#pump ??= this.#run()
    }
    await this.#pump
  }

  /** Sends every line taken so far at once, for a process that ends now; what the other end has no room for is lost. */
  flushNow(): void {
    for (const line of this.#waiting.splice(0)) this.#send(line)
  }

  async #run(): Promise<void> {
    do {
      await this.#channel.drained()
      this.#sent = 0
      this.#sendWaiting()
    } while (this.#sent > 0)
    this.#pump = undefined
  }

  #sendWaiting(): void {
    for (const line of this.#waiting.splice(0, batch - this.#sent)) {
      this.#sent++
      this.#send(line)
    }
  }

  #send(line: LogLine): void {
    try {
      this.#channel.send(line)
    } catch {
      // A line that cannot be sent must not end the log, nor log its own failure.
      this.#dropped++
    }
  }

  #takeToken(): boolean {
    const now = performance.now()
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#filledAt) / 1000) * ratePerSecond)
    this.#filledAt = now
    if (this.#tokens < 1) return false
    this.#tokens--
    return true
  }
}

function cut(line: LogLine): LogLine {
  if (line.message.length <= maxMessage) return line
  return { ...line, message: `${line.message.slice(0, maxMessage)}… (${line.message.length} characters)` }
}

function droppedLine(count: number): LogLine {
  return { level: 'warn', domain: 0, tag: 'vpnext', message: `${count} lines dropped: too many at once` }
}
