/** A relay as plain Node suggests it: `fs.read`, `fs.write` and `dgram`, a callback for each packet. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { read, write } from 'node:fs'
import { openTun } from '@vpnext/native'
import { runEnd } from './end-program.ts'
import { readRelayConfig } from './relay-config.ts'

const longestPacket = 65_535

runEnd(async (value) => {
  const { device, own, peer } = readRelayConfig(value)
  const tun = openTun({ name: device, blocking: true }).fd.release()
  const socket = createSocket('udp4').bind(own.port, own.address)
  await once(socket, 'listening')
  socket.on('message', (packet) => write(tun, packet, () => undefined))
  const next = (): void => {
    const buffer = Buffer.allocUnsafe(longestPacket)
    read(tun, buffer, 0, longestPacket, null, (error, length) => {
      if (error === null) socket.send(buffer, 0, length, peer.port, peer.address)
      next()
    })
  }
  next()
  return { answer: () => null }
})
