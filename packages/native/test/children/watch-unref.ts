// Ends by itself although a watch is running: only if unref() works.
import { socketPair, watchFd } from '@vpnext/native'

import { report } from './report.ts'

const [near] = socketPair('stream')
watchFd(near, { readable: true }, () => {}).unref()
report({ reached: true })
