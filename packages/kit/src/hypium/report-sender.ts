/** Text that may be on its way at once, in UTF-16 units: less than what the channel keeps for a slow reader. */
const room = 256 * 1024

/**
 * Sends the text of a report, in order. It leaves at once, so that what was reported before a process dies is told; a flood
 * waits for what went before it.
 */
export class ReportSender {
  readonly #send: (text: string) => Promise<void>
  readonly #waiting: string[] = []
  #onWay = 0
  #onIdle: (() => void)[] = []

  /** @param send a promise that rejects is nobody's error: whoever asked for the report has gone */
  constructor(send: (text: string) => Promise<void>) {
    this.#send = send
  }

  print(text: string): void {
    this.#waiting.push(text)
    this.#sendWhatFits()
  }

  /** Waits until everything has arrived. */
  flush(): Promise<void> {
    if (this.#onWay === 0 && this.#waiting.length === 0) return Promise.resolve()
    return new Promise((resolve) => this.#onIdle.push(resolve))
  }

  #sendWhatFits(): void {
    while (this.#onWay < room) {
      const text = this.#waiting.shift()
      if (text === undefined) break
      // An empty one is on its way too.
      const size = text.length + 1
      this.#onWay += size
      const arrived = (): void => {
        this.#onWay -= size
        this.#sendWhatFits()
      }
      this.#send(text).then(arrived, arrived)
    }
    if (this.#onWay > 0) return
    for (const resolve of this.#onIdle) resolve()
    this.#onIdle = []
  }
}
