import { Fd, receiveMessage, sendMessage, watchFd } from '@vpnext/native'

/** The other end of the bare echo: takes a message with a descriptor, closes the descriptor, sends the message back. */
const channel = Fd.adopt(3)
const buffer = Buffer.alloc(4096)

watchFd(channel, { readable: true }, () => {
  for (;;) {
    const message = receiveMessage(channel, buffer)
    if (message === 'again') return
    if (message.length === 0) process.exit(0)
    for (const fd of message.fds) fd.close()
    sendMessage(channel, buffer.subarray(0, message.length))
  }
})
