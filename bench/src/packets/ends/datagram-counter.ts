/** Counts UDP datagrams. */
import { UdpSocket } from '@vpnext/packet'
import { runEnd } from './end-program.ts'

runEnd((config) => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by load/datagrams.ts
  const { port } = config as { port: number }
  const udp = UdpSocket.open({ family: 6, dualStack: true, address: '::', port, receiveOffload: false })
  let count = 0
  const run = async (): Promise<void> => {
    for await (const batch of udp.batches()) while (batch.next()) count += 1
  }
  void run()
  return { answer: () => count }
})
