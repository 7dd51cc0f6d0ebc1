import { bindMount, currentUserNamespaceIsInitial, mount } from '@vpnext/native'
import { mkdirSync } from 'node:fs'

import type { Findings } from './findings.ts'

/**
 * Mounts /proc with the processes of other users hidden.
 *
 * A user namespace without a process id namespace of its own may not mount one: there the old /proc is shown, which
 * the findings say.
 *
 * @throws SystemError when the machine's own root is refused
 */
export function mountProc(target: string, findings: Findings): void {
  mkdirSync(target)
  try {
    mount('proc', target, 'proc', ['noSetuid', 'noDevices', 'noExecute'], 'hidepid=invisible')
    findings.apply('own /proc')
  } catch (error) {
    if (currentUserNamespaceIsInitial()) throw error
    bindMount('/proc', target, { noSetuid: true, noDevices: true, noExecute: true })
    findings.miss('own /proc', error)
  }
}
