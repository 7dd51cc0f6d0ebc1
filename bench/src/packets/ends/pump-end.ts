/** A relay at level 2 of @vpnext/packet: a pump in a thread of its own. */
import { openTun } from '@vpnext/native'
import { Endpoint, openUdp, startPump, UdpSocket } from '@vpnext/packet'
import { runEnd } from './end-program.ts'
import { readRelayConfig } from './relay-config.ts'

runEnd(async (value) => {
  const { device, offload, own, peer } = readRelayConfig(value)
  const udpFd = openUdp(own)
  using socket = UdpSocket.open({ fd: udpFd })
  socket.connect(Endpoint.from(peer.address, peer.port))
  const { fd } = openTun({ name: device, vnetHeader: offload })
  const pump = await startPump({
    tunFd: fd,
    udpFd,
    transform: new URL('./relay-transform.js', import.meta.url),
  })
  return { answer: () => pump.counters(), close: () => pump.stop() }
})
