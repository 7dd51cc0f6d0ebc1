/** Sends UDP datagrams at a rate. */
import { Endpoint, UdpSocket } from '@vpnext/packet'
import type { Burst } from '../load/datagrams.ts'
import { runEnd } from './end-program.ts'

/** The most at once: a generator that fell behind does not make up for it in one long burst. */
const longestBurst = 1024
const tickMs = 1

const pause = new Int32Array(new SharedArrayBuffer(4))

runEnd(() => {
  const udp = UdpSocket.open({ segmentation: false })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by load/datagrams.ts
  return { answer: (question) => send(udp, question as Burst) }
})

/** Blocks its thread for `ms`: a timer of node would be late by as much as the loop has to do. @returns how many were sent */
function send(udp: UdpSocket, { address, port, size, rate, ms }: Burst): number {
  const to = Endpoint.from(address, port)
  const before = udp.counters().sent.packets
  const start = performance.now()
  let asked = 0
  for (let now = start; now < start + ms; now = performance.now()) {
    const due = Math.floor(((now - start) * rate) / 1000)
    const burst = Math.min(due - asked, longestBurst)
    for (let sent = 0; sent < burst; sent += 1) {
      if (udp.reserve(size) < 0) break
      udp.commit(size, to)
    }
    udp.flush()
    asked = due
    Atomics.wait(pause, 0, 0, tickMs)
  }
  return udp.counters().sent.packets - before
}
