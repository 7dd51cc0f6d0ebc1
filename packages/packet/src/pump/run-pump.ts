import { setFlagsFromString } from 'node:v8'
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'

import { chooseAead } from '../aead/choose-backend.ts'
import { Arena } from '../arena/arena.ts'
import { BootClock } from '../boot-clock.ts'
import type { TunOffload } from '../tun/negotiate-offload.ts'
import { TunSource } from '../tun/tun-source.ts'
import { TunWriter } from '../tun/tun-writer.ts'
import { DatagramSender } from '../udp/datagram-sender.ts'
import { DatagramSource } from '../udp/datagram-source.ts'
import type { UdpAbilities } from '../udp/open-udp.ts'
import { checkTransform } from './check-transform.ts'
import { PollSet } from './poll-set.ts'
import { PumpControl } from './pump-control.ts'
import { PumpLoop } from './pump-loop.ts'
import { RunningContext } from './running-context.ts'
import { shownError } from './shown-error.ts'
import type { TransformFactory } from './transform.ts'

/**
 * How V8 compiles what runs in a pump: a small program that runs long.
 *
 * - `interrupt-budget`: how much a function runs, in bytes of its bytecode, before it is compiled for speed; V8's own is 66 or
 *   132 KiB. Paying early gives an idle tunnel, too, compiled code within a hundred packets, also after a packet of another
 *   kind has made V8 throw some away.
 * - `max-inlined-bytecode-size-cumulative`: how much of the functions that it calls a function takes in; V8's own is 920
 *   bytes. The path of a packet goes through many small functions, which cost 2 to 6 percent less as one.
 */
const compilerFlags = ['--interrupt-budget=4000', '--max-inlined-bytecode-size-cumulative=2500']

/** What the thread is given. The main thread keeps the descriptors open until it has ended. */
export interface PumpWorkerData {
  readonly tun: number
  readonly sockets: readonly number[]
  readonly wake: number
  readonly timer: number
  readonly control: SharedArrayBuffer
  readonly tunOffload: TunOffload
  /** Of each socket. */
  readonly udpAbilities: readonly UdpAbilities[]
  /** Where the transform module is; absent when the worker program brings its own. */
  readonly transform: string | undefined
  readonly data: unknown
  readonly arenaSize: number | undefined
}

/** What the thread tells the main thread. */
export type PumpReport = { readonly kind: 'ready' } | { readonly kind: 'message'; readonly message: unknown }

/**
 * The program of a pump's worker thread, until the pump is stopped. A worker program of one's own, for `PumpOptions.worker`,
 * is one line: `await runPump(createTransform)`; with a bundler it becomes one file.
 *
 * @param create the transform; default: that of the module named by `PumpOptions.transform`
 * @throws what the transform throws; TypeError outside a worker that `startPump` has started
 */
export async function runPump(create?: TransformFactory): Promise<void> {
  if (parentPort === null) throw new TypeError('runPump: not in a worker thread')
  for (const flag of compilerFlags) setFlagsFromString(flag)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by startPump
  const given = workerData as PumpWorkerData
  try {
    await pump(parentPort, given, create ?? (await importTransform(given.transform)))
  } catch (error) {
    throw shownError(error)
  }
}

async function importTransform(url: string | undefined): Promise<TransformFactory> {
  if (url === undefined) throw new TypeError('transform: missing, and the worker program has none of its own')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checked on the next line
  const { default: create } = (await import(url)) as { default?: TransformFactory }
  if (typeof create !== 'function') throw new TypeError(`transform: ${url} has no default export to call`)
  return create
}

async function pump(port: MessagePort, given: PumpWorkerData, create: TransformFactory): Promise<void> {
  const arena = Arena.create(given.arenaSize)
  const control = new PumpControl(given.control)
  const { meters } = control
  const report = (what: PumpReport): void => port.postMessage(what)
  const tun = { arena, fd: { number: given.tun }, offload: given.tunOffload }
  const sockets = given.sockets.map((number, index) => ({
    arena,
    fd: { number },
    ...given.udpAbilities[index]!,
  }))
  const tunWriter = new TunWriter({ ...tun, meter: meters.tunSent })
  const udpSenders = sockets.map((socket) => new DatagramSender({ ...socket, meter: meters.udpSent }))
  const [udp] = udpSenders
  if (udp === undefined) throw new TypeError('udpFd: no socket')
  const loop = new PumpLoop({
    tunSource: new TunSource({ ...tun, meter: meters.tunReceived }),
    tunWriter,
    udpSources: sockets.map((socket) => new DatagramSource({ ...socket, meter: meters.udpReceived })),
    udpSenders,
    poll: new PollSet(arena, given),
    control,
    clock: new BootClock(arena),
    receive: () => receiveMessageOnPort(port),
  })
  using aead = chooseAead(arena)
  const parts = {
    arena,
    tun: tunWriter,
    udp,
    sockets: udpSenders,
    aead,
    data: given.data,
    post: (message: unknown) => report({ kind: 'message', message }),
  }
  const context = new RunningContext(parts, loop)
  const transform = checkTransform(await create(context))
  try {
    report({ kind: 'ready' })
    loop.run(transform)
  } finally {
    transform[Symbol.dispose]?.()
  }
}
