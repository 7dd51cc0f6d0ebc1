import { setTimeout as sleep } from 'node:timers/promises'
import { labAddresses } from '@vpnext/lab'
import { type Comparison, compare, planOf } from '../compare.ts'
import type { MeasuredRow } from '../row.ts'
import { FirstPacket } from '../site/first-packet.ts'

/** As in life, nothing was started a moment ago: the service has its spare host ready again, in ms. */
const restMs = 1000

const comparison = {
  id: 'start-to-packet',
  what: 'start of an authorised extension until its first packet is at the VPN server',
  against: 'starting Node alone (node -e 0)',
  aim: { kind: 'at-most', ratio: 3 },
  rounds: 30,
  warmUp: 3,
} as const satisfies Partial<Comparison>

export const startToPacket: MeasuredRow = {
  plan: planOf(comparison),
  async measure(site) {
    const { extension, lab, shell } = site
    const server = labAddresses.gateway.v4
    const destination = labAddresses.internet.v4
    using packets = new FirstPacket(lab.gateway, server, destination)
    const parameters = {
      job: 'first-packet',
      run: 0,
      serverAddress: server,
      serverPort: packets.port,
      destination,
    }
    return await compare(
      {
        ...comparison,
        ours: {
          name: 'start to first packet',
          async sample() {
            await extension.stop()
            await sleep(restMs)
            const arrived = packets.next()
            const begin = performance.now()
            const [at] = await Promise.all([arrived, extension.start(parameters)])
            await extension.stop()
            return at - begin
          },
        },
        theirs: { name: 'node -e 0', sample: () => shell.time(`${process.execPath} -e 0`) },
      },
      (done, of) => site.progress.part(done, of),
    )
  },
}
