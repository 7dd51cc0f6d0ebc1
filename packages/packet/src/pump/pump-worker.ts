/** The program of a pump's worker thread; `startPump` starts it. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'

import { chooseAead } from '../aead/choose-backend.ts'
import { Arena } from '../arena/arena.ts'
import type { TunOffload } from '../tun/negotiate-offload.ts'
import { TunSource } from '../tun/tun-source.ts'
import { TunWriter } from '../tun/tun-writer.ts'
import { DatagramSender } from '../udp/datagram-sender.ts'
import { DatagramSource } from '../udp/datagram-source.ts'
import type { UdpAbilities } from '../udp/open-udp.ts'
import { PollSet } from './poll-set.ts'
import { PumpControl } from './pump-control.ts'
import { PumpLoop } from './pump-loop.ts'
import type { PumpContext, TransformFactory } from './transform.ts'

/** What the thread is given. The main thread keeps the descriptors open until it has ended. */
export interface PumpWorkerData {
  readonly tun: number
  readonly udp: number
  readonly wake: number
  readonly control: SharedArrayBuffer
  readonly tunOffload: TunOffload
  readonly udpAbilities: UdpAbilities
  /** Where the transform module is. */
  readonly transform: string
  readonly data: unknown
  readonly arenaSize: number | undefined
}

/** What the thread tells the main thread. */
export type PumpReport = { readonly kind: 'ready' } | { readonly kind: 'message'; readonly message: unknown }

async function main(port: NonNullable<typeof parentPort>, given: PumpWorkerData): Promise<void> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checked on the next line
  const { default: create } = (await import(given.transform)) as { default?: TransformFactory }
  if (typeof create !== 'function')
    throw new TypeError(`transform: ${given.transform} has no default export to call`)
  const arena = Arena.create(given.arenaSize)
  const control = new PumpControl(given.control)
  const { meters } = control
  const report = (what: PumpReport): void => port.postMessage(what)
  const tun = { arena, fd: { number: given.tun }, offload: given.tunOffload }
  const udp = { arena, fd: { number: given.udp }, ...given.udpAbilities }
  const tunWriter = new TunWriter({ ...tun, meter: meters.tunSent })
  const udpSender = new DatagramSender({ ...udp, meter: meters.udpSent })
  const loop = new PumpLoop({
    tunSource: new TunSource({ ...tun, meter: meters.tunReceived }),
    tunWriter,
    udpSource: new DatagramSource({ ...udp, meter: meters.udpReceived }),
    udpSender,
    poll: new PollSet(arena, given.tun, given.udp, given.wake),
    control,
    receive: () => receiveMessageOnPort(port),
  })
  const context: PumpContext = {
    arena,
    tun: tunWriter,
    udp: udpSender,
    aead: chooseAead(arena),
    data: given.data,
    get now() {
      return loop.now
    },
    wakeAt: (time) => loop.wakeAt(time),
    post: (message) => report({ kind: 'message', message }),
  }
  const transform = await create(context)
  try {
    report({ kind: 'ready' })
    loop.run(transform)
  } finally {
    transform[Symbol.dispose]?.()
  }
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by startPump
if (parentPort !== null) await main(parentPort, workerData as PumpWorkerData)
