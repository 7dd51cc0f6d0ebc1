/** Counts the bytes of TCP streams. */
import { once } from 'node:events'
import { createServer } from 'node:net'
import { runEnd } from './end-program.ts'

runEnd(async (config) => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by load/streams.ts
  const { port } = config as { port: number }
  let bytes = 0
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => (bytes += chunk.length))
  }).listen(port, '0.0.0.0')
  await once(server, 'listening')
  return { answer: () => bytes }
})
