import { closeSync, openSync, readSync, writeFileSync } from 'node:fs'

/** A directory or file below /proc/sys: never `.`, `..` or empty. */
const PART = /^[A-Za-z0-9_][A-Za-z0-9_.:@-]*$/

/** What proc_dostring and proc_dointvec give in one read (fs/proc/proc_sysctl.c): a page at most. */
const largest = Buffer.allocUnsafeSlow(4096)

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
  using setting = openSysctl(name)
  return setting.read()
}

/** A setting that is read often: looking its name up takes ten times as long as reading it. */
export interface OpenSysctl extends Disposable {
  /** The value now, as {@link getSysctl} gives it. @throws node's error when the setting is gone, with its interface */
  read(): string
}

/**
 * Opens a setting of the network namespace that the calling thread is in now; it stays that namespace's.
 *
 * @throws as {@link getSysctl}
 */
export function openSysctl(name: string): OpenSysctl {
  const fd = openSync(sysctlPath(name), 'r')
  return {
    // A read that begins at 0 gives everything. readFileSync would ask for the size first and for more afterwards.
    read: () => largest.toString('utf8', 0, readSync(fd, largest, 0, largest.length, 0)).trimEnd(),
    [Symbol.dispose]: () => closeSync(fd),
  }
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
