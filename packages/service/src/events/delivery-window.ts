/** Events that may be on their way to one host, or wait for it, and their bytes of JSON. */
const maxEvents = 512
const maxBytes = 2 * 1024 * 1024

/**
 * How much one host has not taken yet. A host that does not read must not fill the service's memory: what is above the
 * limits is dropped, and the first one of a series is told.
 */
export class DeliveryWindow {
  readonly #onDropped: () => void
  #events = 0
  #bytes = 0
  #dropping = false

  /** @param onDropped called once for every series of events that are dropped */
  constructor(onDropped: () => void) {
    this.#onDropped = onDropped
  }

  /**
   * Makes room for an event, if there is any.
   *
   * @param bytes its size
   * @returns false: it is to be dropped; true: it is on its way until {@link leave}
   */
  enter(bytes: number): boolean {
    if (this.#events >= maxEvents || this.#bytes + bytes > maxBytes) {
      if (!this.#dropping) this.#onDropped()
      this.#dropping = true
      return false
    }
    this.#events += 1
    this.#bytes += bytes
    return true
  }

  /** The host has taken an event of so many bytes. */
  leave(bytes: number): void {
    this.#events -= 1
    this.#bytes -= bytes
    if (this.#events === 0) this.#dropping = false
  }
}
