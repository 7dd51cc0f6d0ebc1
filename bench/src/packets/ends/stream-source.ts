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
    const sockets: Socket[] = []
    for (const host of addresses) {
      const socket = connect({ host, port })
      sockets.push(socket)
      // One after the other: how much of a stream TCP sends at once depends on the shortest round trip that it has seen
      // (net/ipv4/tcp_output.c, tcp_tso_autosize), and a hundred handshakes at once leave that to chance.
      await once(socket, 'connect')
    }
    const until = performance.now() + ms
    for (const socket of sockets) fill(socket, until)
    await sleep(ms)
    // Reset, not closed: what the kernel still holds for all of them takes seconds, in which others are measured.
    for (const socket of sockets) socket.resetAndDestroy()
    return 'done'
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
