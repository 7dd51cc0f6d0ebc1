import { closeInThread, type Fd, SystemError } from '@vpnext/native'

/** Descriptors that came with a message: whoever wants one takes it, the others are closed. */
export class ReceivedFds {
  readonly list: readonly Fd[]
  readonly #left: Set<Fd>

  constructor(fds: readonly Fd[]) {
    this.list = fds
    this.#left = new Set(fds)
  }

  /** Makes one the caller's own. @throws RangeError when there is none at `index`, or it is taken */
  take(index: number): Fd {
    const fd = this.list[index]
    if (fd === undefined || !this.#left.delete(fd))
      throw new RangeError(`no descriptor ${index} came with the call`)
    return fd
  }

  /** Closes what nobody took. */
  closeRest(): void {
    closeStrangers([...this.#left])
    this.#left.clear()
  }
}

/** Closes descriptors that somebody else made, away from the main thread as far as the thread limit allows. */
export function closeStrangers(fds: readonly Fd[]): void {
  for (const fd of fds) {
    try {
      closeInThread(fd)
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
      fd.close()
    }
  }
}
