/** Why a service cannot start, or found its own state damaged. The message names the path. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  /**
   * - `in-use`: another service holds the run or state folder;
   * - `unsafe-path`: a folder is a symbolic link, belongs to somebody else or can be written by others;
   * - `damaged-state`: a state file does not hold what it must;
   * - `closed`: the service was started or stopped already;
   * - `wrong-thread`: started outside the main thread.
   */
  readonly code: 'in-use' | 'unsafe-path' | 'damaged-state' | 'closed' | 'wrong-thread'

  constructor(code: ServiceError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
