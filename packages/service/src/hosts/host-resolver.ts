import { join } from 'node:path'
import { type Journal, uplinkResolver } from '@vpnext/network'
import { writeFileAtomically } from '../state/atomic-write.ts'
import { readText } from '../state/document.ts'

/**
 * Where a host that starts now finds the resolver configuration of the uplink: in the system's file, unless a tunnel has
 * written that.
 *
 * @param stateDir has a file for it
 * @returns an absolute path
 * @throws node's error when the file cannot be written
 */
export function hostResolver(resolvConf: string, stateDir: string, journal: Journal): string {
  const text = uplinkResolver(resolvConf, journal)
  if (text === undefined) return resolvConf
  const path = join(stateDir, 'uplink-resolv.conf')
  // Whole at any time: another host may be about to read it.
  if (readText(path) !== text) writeFileAtomically(path, text)
  return path
}
