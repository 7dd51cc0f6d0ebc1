// Ends by SIGSYS at the call that its filter kills for, and not before.
import { kill, installFilter, setNoNewPrivileges } from '@vpnext/native'

import { report } from './report.ts'

setNoNewPrivileges()
installFilter({ rules: [{ calls: ['getppid'], action: kill }] }, { allThreads: false })
report('alive')
report(process.ppid)
