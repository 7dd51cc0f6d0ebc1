import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isErrno } from '@vpnext/native'
import { type Journal, uplinkResolver } from '@vpnext/network'

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
  if (textOf(path) !== text) writeFileSync(path, text, { mode: 0o600 })
  return path
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined
    throw error
  }
}
