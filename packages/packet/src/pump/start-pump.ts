import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

import {
  bootTimerFd,
  duplicateDescriptor,
  eventFd,
  type Fd,
  setNonBlocking,
  signalEventFd,
} from '@vpnext/native'

import type { TrafficCounters } from '../counters.ts'
import { negotiateOffload, type TunOffload, type WantedOffload } from '../tun/negotiate-offload.ts'
import { negotiateUdp, type UdpAbilities, type WantedUdpOffload } from '../udp/open-udp.ts'
import { PumpControl } from './pump-control.ts'
import type { PumpReport, PumpWorkerData } from './run-pump.ts'
import { workerProgram } from './worker-program.ts'

export interface PumpOptions {
  /** What `VpnConnection.create()` returned, or an owned descriptor; duplicated. Nobody else may read it. */
  readonly tunFd: number | Fd
  /** A UDP socket, e.g. of `openUdp`, already protected, or several; duplicated. Nobody else may read them. */
  readonly udpFd: number | Fd | readonly (number | Fd)[]
  /**
   * The author's module, whose default export is a `TransformFactory`: `new URL('./my-transform.js', import.meta.url)`.
   * Not needed with a `worker` that has its own.
   */
  readonly transform?: URL
  /** Handed to the transform as `context.data`. Structured clone. */
  readonly data?: unknown
  /** Called on this thread with what the transform posts. */
  readonly onMessage?: (message: unknown) => void
  /** For a TUN device made with virtio-net headers. Default `best`. */
  readonly tunOffload?: WantedOffload
  readonly udpOffload?: WantedUdpOffload
  /** Bytes of the arena; default 16 MiB, of which about 10 MiB are left to the transform. */
  readonly arenaSize?: number
  /** The worker program: one that calls `runPump`, bundled by itself. Default: this package's `pump-worker.js`. */
  readonly worker?: URL
  /** Aborting stops the pump. */
  readonly signal?: AbortSignal
}

export interface PumpCounters {
  /** `received`: out of the TUN device; `sent`: into it. */
  readonly tun: { readonly received: TrafficCounters; readonly sent: TrafficCounters }
  readonly udp: { readonly received: TrafficCounters; readonly sent: TrafficCounters }
}

/** A running pump. Disposing it stops it and waits for its end. */
export interface Pump extends AsyncDisposable {
  readonly tunOffload: TunOffload
  /** Of the first socket. */
  readonly udpAbilities: UdpAbilities
  /**
   * Resolves after a stop; rejects with what went wrong, e.g. an error with `code` EBADFD when the tunnel was destroyed.
   * To be watched: nothing else tells that a running pump has failed.
   */
  readonly finished: Promise<void>
  /** Sends the transform a message (`onMessage`), and wakes it. Structured clone. */
  post(message: unknown): void
  counters(): PumpCounters
  /**
   * Asks the pump to end after its present round, and waits for that. Packets in the kernel's queues stay there.
   *
   * @throws signal's reason when the transform does not return in time; the pump ends when it does
   */
  stop(options?: { readonly signal?: AbortSignal }): Promise<void>
}

/**
 * Moves packets between a TUN device and a UDP socket in a thread of its own, through the author's transform.
 *
 * ```ts
 * const pump = await startPump({
 *   tunFd: await connection.create(config),
 *   udpFd: socket,
 *   transform: new URL('./my-transform.js', import.meta.url),
 *   data: { peer: '192.0.2.1' },
 * })
 * // ... later
 * await pump.stop()
 * ```
 *
 * @returns when the transform is there and packets flow
 * @throws what the transform module or its factory throws; SystemError EBADF, ENOTTY; TypeError for no UDP socket;
 * signal's reason
 */
export async function startPump(options: PumpOptions): Promise<Pump> {
  options.signal?.throwIfAborted()
  // From JavaScript anything may come.
  const address: unknown = options.transform
  if (typeof address === 'string') throw new TypeError(`transform: ${address} is a string, and no URL`)
  const owned: Fd[] = []
  const own = (fd: number | Fd): Fd => {
    const copy = duplicateDescriptor(typeof fd === 'number' ? fd : fd.number)
    owned.push(copy)
    return copy
  }
  const release = (): void => {
    for (const fd of owned) fd.close()
  }
  try {
    const tun = own(options.tunFd)
    const { udpFd } = options
    const sockets = (isList(udpFd) ? udpFd : [udpFd]).map(own)
    const wake = eventFd()
    owned.push(wake)
    const timer = bootTimerFd()
    owned.push(timer)
    const tunOffload = negotiateOffload(tun, options.tunOffload ?? 'best')
    const abilities = sockets.map((socket) => negotiateUdp(socket, options.udpOffload))
    const [udpAbilities] = abilities
    if (udpAbilities === undefined) throw new TypeError('udpFd: no socket')
    for (const fd of [tun, ...sockets]) setNonBlocking(fd, true)
    const control = new PumpControl()
    const workerData: PumpWorkerData = {
      tun: tun.number,
      sockets: sockets.map((socket) => socket.number),
      wake: wake.number,
      timer: timer.number,
      control: control.memory,
      tunOffload,
      udpAbilities: abilities,
      transform: options.transform?.href,
      data: options.data,
      arenaSize: options.arenaSize,
    }
    const worker = new Worker(options.worker ?? workerProgram, { workerData, name: 'vpnext-pump' })
    const pump = new WorkerPump(worker, wake, control, options, { tunOffload, udpAbilities }, release)
    await pump.started
    if (options.signal?.aborted === true) await pump.stop()
    options.signal?.throwIfAborted()
    return pump
  } catch (error) {
    release()
    throw error
  }
}

/** A thread that sleeps in poll(2) hears of nothing else, and node's exit waits for it. */
const stopAtExit = new Set<() => void>()
let watchesExit = false

function stopsAtExit(stop: () => void): Disposable {
  if (!watchesExit) {
    watchesExit = true
    process.on('exit', () => stopAtExit.forEach((each) => each()))
  }
  stopAtExit.add(stop)
  return { [Symbol.dispose]: () => stopAtExit.delete(stop) }
}

class WorkerPump implements Pump {
  readonly tunOffload: TunOffload
  readonly udpAbilities: UdpAbilities
  readonly started: Promise<void>
  readonly finished: Promise<void>
  readonly #worker: Worker
  readonly #wake: Fd
  readonly #control: PumpControl

  constructor(
    worker: Worker,
    wake: Fd,
    control: PumpControl,
    { onMessage, signal }: PumpOptions,
    agreed: { readonly tunOffload: TunOffload; readonly udpAbilities: UdpAbilities },
    release: () => void,
  ) {
    this.#worker = worker
    this.#wake = wake
    this.#control = control
    this.tunOffload = agreed.tunOffload
    this.udpAbilities = agreed.udpAbilities
    const abort = (): void => this.#requestStop()
    signal?.addEventListener('abort', abort, { once: true })
    const exit = stopsAtExit(abort)
    const patience = endIfNotStarted(worker, signal)
    this.finished = endOf(worker, control).finally(() => {
      exit[Symbol.dispose]()
      patience[Symbol.dispose]()
      signal?.removeEventListener('abort', abort)
      release()
    })
    this.started = new Promise((resolve, reject) => {
      worker.on('message', (report: PumpReport) => {
        if (report.kind === 'ready') {
          patience[Symbol.dispose]()
          resolve()
        } else onMessage?.(report.message)
      })
      this.finished.then(() => reject(signal?.reason ?? new Error('pump: ended before it started')), reject)
    })
  }

  post(message: unknown): void {
    if (this.#wake.closed) return
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker of node, not a window
    this.#worker.postMessage(message)
    this.#control.announceMessage()
    signalEventFd(this.#wake)
  }

  counters(): PumpCounters {
    const { tunReceived, tunSent, udpReceived, udpSent } = this.#control.meters
    return {
      tun: { received: tunReceived.read(), sent: tunSent.read() },
      udp: { received: udpReceived.read(), sent: udpSent.read() },
    }
  }

  async stop({ signal }: { readonly signal?: AbortSignal } = {}): Promise<void> {
    signal?.throwIfAborted()
    this.#requestStop()
    if (signal === undefined) return this.finished
    const waited = new AbortController()
    const aborted = once(signal, 'abort', { signal: waited.signal }).then(() => {
      throw signal.reason
    })
    try {
      await Promise.race([this.finished, aborted])
    } finally {
      waited.abort()
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  #requestStop(): void {
    this.#control.requestStop()
    if (!this.#wake.closed) signalEventFd(this.#wake)
  }
}

function isList(fds: PumpOptions['udpFd']): fds is readonly (number | Fd)[] {
  return Array.isArray(fds)
}

/** How long a transform that is being made may go on after an abort, ms. Then its thread is ended, wherever it is. */
const startPatience = 1000

/** Has the thread ended when a signal aborts and it does not start for all that. To be disposed of once it has started. */
function endIfNotStarted(worker: Worker, signal: AbortSignal | undefined): Disposable {
  let timer: NodeJS.Timeout | undefined
  const aborted = (): void => {
    timer = setTimeout(() => void worker.terminate(), startPatience)
  }
  signal?.addEventListener('abort', aborted, { once: true })
  return {
    [Symbol.dispose]() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', aborted)
    },
  }
}

/** Settles when the thread has ended: with its error, if it had one, or was not asked to end. */
function endOf(worker: Worker, control: PumpControl): Promise<void> {
  return new Promise((resolve, reject) => {
    let failure: { readonly error: unknown } | undefined
    worker.on('error', (error: unknown) => {
      failure ??= { error }
    })
    worker.once('exit', (code) => {
      if (failure !== undefined) reject(failure.error)
      else if (control.stopRequested) resolve()
      else reject(new Error(`pump: its thread has ended by itself, with code ${code}`))
    })
  })
}
