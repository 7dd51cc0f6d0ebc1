import { errorText } from '@vpnext/native'
import type { LogLine, ServiceCalls } from '../runtime.ts'
import type { Tunnels } from './tunnels.ts'

/**
 * Whether the sockets of this process stay out of the VPN (`protectProcessNet`). `one by one`: the kernel cannot do it, so
 * every socket that a kit makes is protected on its own; sockets that other code makes are not.
 */
export class ProcessNet {
  readonly #service: ServiceCalls
  readonly #tunnels: Tunnels
  readonly #log: (line: LogLine) => void
  #state: 'open' | 'by the kernel' | 'one by one' = 'open'

  constructor(service: ServiceCalls, tunnels: Tunnels, log: (line: LogLine) => void) {
    this.#service = service
    this.#tunnels = tunnels
    this.#log = log
  }

  /** For all sockets made from now on; there is no way back. Never rejects. */
  async protect(): Promise<void> {
    if (this.#state !== 'open') return
    const protection = await this.#service.protectProcess()
    if (protection.by === 'kernel') {
      this.#state = 'by the kernel'
      return
    }
    this.#state = 'one by one'
    const { reason } = protection
    this.#warn(`protectProcessNet: only sockets of the kits are protected from now on: ${reason}`)
  }

  /**
   * Called for each new socket of a kit before anything leaves by it. Never rejects: as on the device, a socket that cannot
   * be protected is used all the same, and a line of the log says so.
   *
   * @param socket descriptor number; it stays the caller's
   */
  async admit(socket: number): Promise<void> {
    if (this.#state !== 'one by one') return
    try {
      await this.#tunnels.protect(socket)
    } catch (error) {
      const reason = errorText(error)
      this.#warn(`protectProcessNet: a socket is not protected: ${reason}`)
    }
  }

  #warn(message: string): void {
    this.#log({ level: 'warn', domain: 0, tag: 'vpnext', message })
  }
}
