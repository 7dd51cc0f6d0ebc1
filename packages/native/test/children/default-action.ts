// Sends itself SIGUSR1, at which node would begin to listen for a debugger.
import { useDefaultAction } from '@vpnext/native'

useDefaultAction('SIGUSR1')
process.kill(process.pid, 'SIGUSR1')
setTimeout(() => {}, 60_000)
