/** Our WireGuard, as an extension runs it; here the device is made by itself. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { hostImagePath } from '@vpnext/host'
import { openTun } from '@vpnext/native'
import { openWireGuard, parseWgQuick, type Timings } from '@vpnext/wireguard'
import { runEnd } from './end-program.ts'

/** What each end of our WireGuard is told. */
export interface VpnextConfig {
  /** Name of the TUN device that it makes. */
  readonly device: string
  /** A file of wg-quick(8). */
  readonly settings: string
  readonly timings?: Partial<Timings>
}

/** What it answers to. */
export type VpnextQuestion = 'status' | 'sessions'

/** The thread's program that extensions get: bundled, as `vpnext up` runs it. */
const workerModule = pathToFileURL(join(hostImagePath(), 'engine-worker.mjs'))

runEnd(async (config) => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by contenders/vpnext.ts
  const { device, settings, timings } = config as VpnextConfig
  const { fd } = openTun({ name: device, vnetHeader: true })
  let sessions = 0
  const engine = await openWireGuard({
    settings: parseWgQuick(settings, device),
    tunFd: fd.number,
    protect: () => Promise.resolve(),
    workerModule,
    onEvent: ({ kind }) => {
      if (kind === 'session') sessions += 1
    },
    ...(timings !== undefined && { timings }),
  })
  return {
    answer: (question) => (question === 'sessions' ? sessions : engine.status()),
    close: () => engine.close(),
  }
})
