// What a callback resolves, where nothing of node's own is called but a timer, much later.
import { readFd, socketPair, watchFd, writeFd } from '@vpnext/native'

import { report } from './report.ts'

const [near, far] = socketPair('stream')
const order: string[] = []
const watch = watchFd(near, { readable: true }, () => {
  readFd(near, Buffer.alloc(8))
  void Promise.resolve().then(() => order.push('promise'))
})
writeFd(far, Buffer.of(1))
setTimeout(() => {
  order.push('timer')
  watch[Symbol.dispose]()
  setImmediate(() => report({ order }))
}, 200)
