import { currentUserNamespaceIsInitial } from '@vpnext/native'

import { report } from './report.ts'

report(currentUserNamespaceIsInitial())
