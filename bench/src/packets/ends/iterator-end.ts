/** A relay at level 1 of @vpnext/packet: batches on the event loop. */
import { openTun } from '@vpnext/native'
import { Endpoint, TunDevice, UdpSocket } from '@vpnext/packet'
import { runEnd } from './end-program.ts'
import { readRelayConfig } from './relay-config.ts'

runEnd((value) => {
  const { device, offload, own, peer } = readRelayConfig(value)
  const udp = UdpSocket.open(own)
  udp.connect(Endpoint.from(peer.address, peer.port))
  const { fd } = openTun({ name: device, vnetHeader: offload })
  const tun = TunDevice.open(fd.number, { arena: udp.arena })
  const outward = async (): Promise<void> => {
    for await (const batch of tun.batches({ into: udp })) {
      while (batch.next()) {
        udp.arena.copySum(udp.reserve(batch.length), batch.offset, batch.length)
        udp.commit(batch.length)
      }
    }
  }
  const inward = async (): Promise<void> => {
    for await (const batch of udp.batches({ into: tun })) {
      while (batch.next()) tun.write(batch.offset, batch.length)
    }
  }
  void outward()
  void inward()
  return { answer: () => null }
})
