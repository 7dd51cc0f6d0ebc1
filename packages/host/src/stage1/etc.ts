import type { HostLaunch } from '@vpnext/service/protocol'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { isErrno } from '@vpnext/native'

/** Files of the machine that the C library needs to load libraries, resolve names and tell the time zone. */
const copied = ['/etc/hosts', '/etc/nsswitch.conf', '/etc/ld.so.cache', '/etc/localtime']

/**
 * Writes the few files of /etc that a program needs, as they are now. The user database holds the host alone.
 *
 * @param folder is made
 * @param launch `resolvConf` may be absent from the machine: then no name is resolved
 */
export function writeEtc(folder: string, launch: HostLaunch): void {
  mkdirSync(folder)
  for (const path of copied) copyIfPresent(path, `${folder}/${path.slice('/etc/'.length)}`)
  copyIfPresent(launch.resolvConf, `${folder}/resolv.conf`)
  const uid = launch.identity?.uid ?? process.getuid?.() ?? 0
  const gid = launch.identity?.gid ?? process.getgid?.() ?? 0
  writeFileSync(`${folder}/passwd`, `host:x:${uid}:${gid}::/data/storage:/nonexistent\n`)
  writeFileSync(`${folder}/group`, `host:x:${gid}:\n`)
}

function copyIfPresent(source: string, target: string): void {
  let bytes: Buffer
  try {
    bytes = readFileSync(source)
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return
    throw error
  }
  writeFileSync(target, bytes)
}
