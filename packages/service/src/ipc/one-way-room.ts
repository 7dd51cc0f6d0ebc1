import { maxOneWay } from '../protocol/ipc-types.ts'
import { ipcError } from './ipc-error.ts'

/**
 * How much of one process waits for others that do not read. Nobody waits for one-way requests, so without it a process could
 * fill the service's memory and its table of descriptors with them.
 */
export class OneWayRoom {
  #requests = 0
  #bytes = 0
  #descriptors = 0

  /**
   * Makes room for a request, until the result is disposed. One alone has room in any case.
   *
   * @throws VarlinkError BusinessError 1900007
   */
  take(bytes: number, descriptors: number): Disposable {
    const isFull =
      this.#requests >= maxOneWay.requests ||
      this.#bytes + bytes > maxOneWay.bytes ||
      this.#descriptors + descriptors > maxOneWay.descriptors
    if (isFull && this.#requests > 0)
      throw ipcError(1900007, 'too many one-way requests of this process wait for others that do not read')
    this.#requests += 1
    this.#bytes += bytes
    this.#descriptors += descriptors
    return {
      [Symbol.dispose]: () => {
        this.#requests -= 1
        this.#bytes -= bytes
        this.#descriptors -= descriptors
      },
    }
  }
}
