import { readFileSync } from 'node:fs'
import { currentUserNamespaceIsInitial } from '@vpnext/native'

/** The kernel's own default, for where /proc does not tell. */
const standard = 65_534

/**
 * What the kernel shows of everybody whom the service's user namespace does not have: one number for all of them, kernel.overflowuid.
 *
 * @returns undefined in the machine's own user namespace, which has everybody
 */
export function unmappedUid(): number | undefined {
  if (currentUserNamespaceIsInitial()) return undefined
  try {
    const uid = Number(readFileSync('/proc/sys/kernel/overflowuid', 'utf8'))
    return Number.isInteger(uid) ? uid : standard
  } catch {
    return standard
  }
}
