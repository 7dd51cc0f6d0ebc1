import type { HostLaunch } from '@vpnext/service/protocol'
import { existsSync, mkdirSync, realpathSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { isErrno, readPlainFile } from '@vpnext/native'

import { networkNames } from './network-names.ts'

/** Files of the machine that the C library needs to load libraries, resolve names and tell the time zone. */
const copied = ['/etc/hosts', '/etc/nsswitch.conf', '/etc/ld.so.cache', '/etc/localtime']

/** Where distributions keep the certificates of authorities in one file. */
const authorities = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/var/lib/ca-certificates/ca-bundle.pem',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
]

/**
 * Shows the machine's authorities to native code that speaks TLS, under the names that Go, Rust and OpenSSL look for and
 * the one that HarmonyOS has. A machine without them has none.
 *
 * @param folder of `writeEtc`
 * @param bindFile shows a file of the machine at a path
 */
export function showAuthorities(folder: string, bindFile: (source: string, target: string) => void): void {
  const file = authorities.find((path) => existsSync(path))
  if (file === undefined) return
  bindFile(realpathSync(file), `${folder}/ssl/certs/ca-certificates.crt`)
  symlinkSync('ca-certificates.crt', `${folder}/ssl/certs/cacert.pem`)
  symlinkSync('certs/ca-certificates.crt', `${folder}/ssl/cert.pem`)
}

/**
 * Shows the machine's names of services and protocols, by which native code asks for `https`; those of some distributions are too
 * large to be copied for each host.
 *
 * @param folder of `writeEtc`
 * @param bindFile shows a file of the machine at a path
 */
export function showNetworkNames(folder: string, bindFile: (source: string, target: string) => void): void {
  for (const [path, few] of Object.entries(networkNames)) {
    const target = `${folder}/${path.slice('/etc/'.length)}`
    if (isFile(path)) bindFile(realpathSync(path), target)
    else writeFileSync(target, few)
  }
}

/**
 * Writes the few files of /etc that a program needs, as they are now. The user database holds the host alone.
 *
 * @param folder is made, unless it is there
 */
export function writeEtc(folder: string, launch: HostLaunch): void {
  mkdirSync(folder, { recursive: true })
  for (const path of copied) copyIfPresent(path, `${folder}/${path.slice('/etc/'.length)}`)
  const uid = launch.identity?.uid ?? process.getuid?.() ?? 0
  const gid = launch.identity?.gid ?? process.getgid?.() ?? 0
  writeFileSync(`${folder}/passwd`, `host:x:${uid}:${gid}::/data/storage:/nonexistent\n`)
  writeFileSync(`${folder}/group`, `host:x:${gid}:\n`)
}

/**
 * Shows the resolver configuration of the uplink, which changes with the network while the host runs.
 *
 * @param folder of `writeEtc`
 * @param resolvConf may be absent from the machine, or no file: then no name is resolved
 * @param bindFile shows a file of the machine at a path
 */
export function showResolver(
  folder: string,
  { resolvConf }: HostLaunch,
  bindFile: (source: string, target: string) => void,
): void {
  if (isFile(resolvConf)) bindFile(resolvConf, `${folder}/resolv.conf`)
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

function copyIfPresent(source: string, target: string): void {
  let bytes: Buffer
  try {
    bytes = readPlainFile(source)
  } catch (error) {
    // EINVAL: a pipe would keep the host waiting, and some link a file that they want empty to /dev/null.
    if (isErrno(error, 'ENOENT', 'EINVAL')) return
    throw error
  }
  writeFileSync(target, bytes)
}
