import { hasNoNewPrivileges, isDumpable, setDumpable, setNoNewPrivileges } from '@vpnext/native'

import { report } from './report.ts'

const before = { noNewPrivileges: hasNoNewPrivileges(), dumpable: isDumpable() }
setNoNewPrivileges()
setDumpable(false)
report({ before, after: { noNewPrivileges: hasNoNewPrivileges(), dumpable: isDumpable() } })
