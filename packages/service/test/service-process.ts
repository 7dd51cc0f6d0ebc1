/** A service in a process of its own, for tests that kill it: `node service-process.mjs '<JSON ServiceOptions>'`. */
import { createService, type ServiceOptions } from '../src/index.ts'

const options = JSON.parse(process.argv[2] ?? '{}') as ServiceOptions
const service = createService({ ...options, log: (entry) => console.log(entry.message) })
await service.start()
process.once('SIGTERM', () => void service.stop())
console.log('ready')
