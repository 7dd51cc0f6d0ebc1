// Run with --expose-gc: a watch whose result nobody keeps must survive collections.
import { readFd, socketPair, watchFd, writeFd } from '@vpnext/native'

import { report } from './report.ts'

const collect: unknown = Reflect.get(globalThis, 'gc')
if (typeof collect !== 'function') throw new Error('needs --expose-gc')

const [far, near] = socketPair('stream')
let received = 0
watchFd(near, { readable: true }, () => {
  readFd(near, Buffer.alloc(8))
  received++
})
for (let round = 0; round < 10; round++) {
  collect()
  writeFd(far, Buffer.of(round))
  await new Promise((done) => setTimeout(done, 5))
}
near.close()
far.close()
report({ received })
