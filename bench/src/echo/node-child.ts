import { createServer } from 'node:net'

/** The other end of the plain echo: sends back what comes, at the Unix socket of its argument. */
const path = process.argv[2] ?? ''
const server = createServer((socket) => {
  socket.on('data', (bytes) => socket.write(bytes))
  socket.once('close', () => process.exit(0))
})
server.listen(path, () => process.stdout.write('ready\n'))
