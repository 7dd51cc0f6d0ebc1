/** Sends TCP streams as fast as they go. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { runEnd } from './end-program.ts'

/** What it is asked for. */
export interface StreamRun {
  /** One stream to each. */
  readonly addresses: readonly string[]
  readonly port: number
  readonly ms: number
}

const chunk = Buffer.alloc(128 * 1024)

runEnd(() => ({
  async answer(question) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by load/streams.ts
    const { addresses, port, ms } = question as StreamRun
    const sockets = addresses.map((host) => connect({ host, port }))
    await Promise.all(sockets.map((socket) => once(socket, 'connect')))
    const start = performance.now()
    for (const socket of sockets) fill(socket, start + ms)
    await sleep(ms)
    const seconds = (performance.now() - start) / 1000
    for (const socket of sockets) socket.destroy()
    return seconds
  },
}))

function fill(socket: Socket, until: number): void {
  const more = (): void => {
    while (performance.now() < until && !socket.destroyed && socket.write(chunk));
  }
  socket.on('drain', more)
  socket.on('error', () => undefined)
  more()
}
