// Every exception of a callback must reach 'uncaughtException', and the watch must go on.
import { readFd, socketPair, watchFd, writeFd } from '@vpnext/native'

import { report } from './report.ts'

const caught: string[] = []
const [far, near] = socketPair('stream')
process.on('uncaughtException', (error) => {
  caught.push(error.message)
  if (caught.length < 3) {
    writeFd(far, Buffer.of(1))
    return
  }
  near.close()
  far.close()
  report({ caught })
})
watchFd(near, { readable: true }, () => {
  readFd(near, Buffer.alloc(8))
  throw new Error(`failure ${caught.length}`)
})
writeFd(far, Buffer.of(1))
