/** Many WireGuard peers in one thread, behind one socket and one device. */
import { openTun } from '@vpnext/native'
import { openUdp, startPump } from '@vpnext/packet'
import type { CrowdConfig } from './crowd-config.ts'
import { runEnd } from './end-program.ts'

/** Each peer has rooms of its own for handshakes, of 64 KiB. */
const arenaSize = 64 * 1024 * 1024

runEnd(async (value) => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by contenders/crowd.ts
  const config = value as CrowdConfig
  const { fd } = openTun({ name: config.device, vnetHeader: true })
  let sessions = 0
  const pump = await startPump({
    tunFd: fd,
    udpFd: openUdp({ port: config.port }),
    transform: new URL('./crowd-transform.js', import.meta.url),
    data: config,
    arenaSize,
    onMessage: () => (sessions += 1),
  })
  return { answer: () => sessions, close: () => pump.stop() }
})
