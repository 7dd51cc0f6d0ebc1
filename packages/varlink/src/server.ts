import {
  acceptUnix,
  type Fd,
  peerCredentials,
  peerGroups,
  peerPidfd,
  SystemError,
  watchFd,
} from '@vpnext/native'
import { whenAborted } from './abort.ts'
import { Dispatcher, type ErrorReporter } from './dispatch.ts'
import { VarlinkError } from './errors.ts'
import type { Implementation, PeerIdentity } from './handler.ts'
import { maxMessageBytes, maxMessageValues } from './limits.ts'
import { type ListeningSocket, listenAt } from './listening-socket.ts'
import { reportAsWarning } from './report.ts'
import { ServerConnection } from './server-connection.ts'
import { implementService, type ServiceInfo } from './service-interface.ts'
import { UserTurn } from './user-turn.ts'

/** Connections that are accepted in one turn of the event loop, so that who connects all the time keeps nobody waiting. */
const acceptsPerTurn = 16

/** How long nobody is accepted after the process has run out of descriptors, ms. */
const acceptPause = 100

/** What {@link serveVarlink} takes. */
export interface ServeOptions extends ServiceInfo {
  /** Where the socket file is made, at most 107 bytes. A dead one of an earlier server is replaced. */
  readonly path: string
  /** Permission bits of the socket file, e.g. 0o666. */
  readonly mode: number
  readonly interfaces: readonly Implementation[]
  /** Hears of each connection before its first call. Throwing refuses it: the connection is closed. */
  readonly onConnection?: (peer: PeerIdentity) => void
  /** Default: a process warning. */
  readonly onError?: ErrorReporter
  /** Connections one uid may have at a time; more are closed at once. Default 64. */
  readonly maxConnectionsPerUid?: number
  /** Most bytes of one message, either way. Default 16 MiB. */
  readonly maxMessageBytes?: number
  /** Closes the server. */
  readonly signal?: AbortSignal
}

/** A running server. */
export interface VarlinkServer extends AsyncDisposable {
  readonly path: string
  /** Live connections. */
  readonly connections: number
  /** Removes the socket file and closes every connection; handlers learn it from their signal. Again: nothing. */
  close(): Promise<void>
}

/**
 * Serves interfaces, and `org.varlink.service`, on a Unix stream socket.
 *
 * @returns once connections are accepted
 * @throws SystemError EADDRINUSE when somebody answers at `path`; RangeError for a path that cannot be one
 * @throws `signal.reason` when aborted already
 */
export async function serveVarlink(options: ServeOptions): Promise<VarlinkServer> {
  options.signal?.throwIfAborted()
  const report = options.onError ?? reportAsWarning
  const implementations = [implementService(options, options.interfaces), ...options.interfaces]
  const dispatcher = new Dispatcher(implementations, report)
  return new Server(options, dispatcher, report, listenAt(options.path, options.mode))
}

class Server implements VarlinkServer {
  readonly path: string
  readonly #options: ServeOptions
  readonly #dispatcher: Dispatcher
  readonly #report: ErrorReporter
  readonly #socket: ListeningSocket
  readonly #live = new Set<ServerConnection>()
  readonly #perUid = new Map<number, { connections: number; readonly turn: UserTurn }>()
  readonly #abort: Disposable
  #watch: Disposable | undefined
  #pause: NodeJS.Timeout | undefined

  constructor(options: ServeOptions, dispatcher: Dispatcher, report: ErrorReporter, socket: ListeningSocket) {
    this.path = options.path
    this.#options = options
    this.#dispatcher = dispatcher
    this.#report = report
    this.#socket = socket
    this.#abort = whenAborted(options.signal, () => this.#end())
    this.#listen()
  }

  get connections(): number {
    return this.#live.size
  }

  close(): Promise<void> {
    this.#end()
    return Promise.resolve()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #end(): void {
    this.#abort[Symbol.dispose]()
    clearTimeout(this.#pause)
    this.#watch?.[Symbol.dispose]()
    this.#socket[Symbol.dispose]()
    for (const connection of this.#live) connection.close()
  }

  #listen(): void {
    this.#watch = watchFd(this.#socket.fd, { readable: true }, () => this.#acceptAll())
  }

  #acceptAll(): void {
    try {
      for (let count = 0; count < acceptsPerTurn; count += 1) {
        const fd = acceptUnix(this.#socket.fd)
        if (fd === undefined) return
        this.#admit(fd)
      }
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
      this.#report(error, 'connection')
      // The connection goes on waiting and the socket stays readable: wait for descriptors without spinning.
      this.#watch?.[Symbol.dispose]()
      this.#pause = setTimeout(() => this.#listen(), acceptPause)
    }
  }

  #admit(fd: Fd): void {
    let peer: PeerIdentity | undefined
    try {
      peer = this.#identify(fd)
    } catch (error) {
      fd.close()
      throw error
    }
    if (peer === undefined || !this.#welcome(peer)) {
      peer?.pidfd?.close()
      fd.close()
      return
    }
    const { uid } = peer
    const user = this.#perUid.get(uid) ?? { connections: 0, turn: new UserTurn() }
    user.connections += 1
    this.#perUid.set(uid, user)
    const connection = new ServerConnection(fd, {
      peer,
      dispatcher: this.#dispatcher,
      limits: { maxMessageBytes: this.#options.maxMessageBytes ?? maxMessageBytes, maxMessageValues },
      turn: user.turn,
      report: this.#report,
      closed: () => {
        this.#live.delete(connection)
        user.connections -= 1
        if (user.connections === 0) this.#perUid.delete(uid)
      },
    })
    this.#live.add(connection)
  }

  /** @returns undefined for a user who has as many connections as may be; no more is asked about one than that takes */
  #identify(fd: Fd): PeerIdentity | undefined {
    const { pid, uid, gid } = peerCredentials(fd)
    const already = this.#perUid.get(uid)?.connections ?? 0
    if (already >= (this.#options.maxConnectionsPerUid ?? 64)) return undefined
    return { pid, uid, gid, groups: peerGroups(fd), pidfd: peerPidfd(fd) }
  }

  #welcome(peer: PeerIdentity): boolean {
    try {
      this.#options.onConnection?.(peer)
      return true
    } catch (error) {
      if (!(error instanceof VarlinkError)) this.#report(error, 'connection')
      return false
    }
  }
}
