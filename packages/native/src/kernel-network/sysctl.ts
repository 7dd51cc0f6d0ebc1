import { readFileSync, writeFileSync } from 'node:fs'

/** A directory or file below /proc/sys: never `.`, `..` or empty. */
const PART = /^[A-Za-z0-9_][A-Za-z0-9_.:@-]*$/

/**
 * A network setting of the kernel, in the network namespace that the calling thread is in: `/proc/sys/net` shows each
 * thread its own. Synchronous on purpose: node's asynchronous fs calls run on other threads, which may be in another namespace.
 *
 * @param name e.g. `net.ipv4.ip_forward`; with slashes when an interface name has dots:
 * `net/ipv4/conf/eth0.5/rp_filter`
 * @returns the value without the line end; several numbers are separated by tabs
 * @throws node's ENOENT when there is no such setting
 * @throws RangeError for a name that is none, or does not begin with `net`
 */
export function getSysctl(name: string): string {
  return readFileSync(sysctlPath(name), 'utf8').trimEnd()
}

/**
 * Changes a network setting of the kernel, in the network namespace that the calling thread is in.
 *
 * @throws node's ENOENT when there is no such setting, EACCES or EPERM without CAP_NET_ADMIN, EINVAL for a bad value
 * @throws RangeError as {@link getSysctl}
 */
export function setSysctl(name: string, value: string | number): void {
  writeFileSync(sysctlPath(name), `${value}\n`, { flag: 'r+' })
}

/** The file of a setting. @throws RangeError */
export function sysctlPath(name: string): string {
  const separator = name.includes('/') ? '/' : '.'
  const parts = name.split(separator)
  if (parts[0] !== 'net' || parts.length < 2 || !parts.every((part) => PART.test(part))) {
    throw new RangeError(`name: ${JSON.stringify(name)} is not the name of a network setting`)
  }
  return `/proc/sys/${parts.join('/')}`
}
