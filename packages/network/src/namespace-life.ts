import { fstatSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { Fd, mountedPath, networkNamespaceCookie, withNetworkNamespace } from '@vpnext/native'

/**
 * Whether a network namespace still exists, as far as this process can see: some process is in it or has it open, or it is
 * bound to a file. The calling thread enters what has its name for a moment, to tell it from a later one of the same number.
 *
 * @param name `net:[<inode>]`
 * @param cookie as `networkNamespaceCookie` of @vpnext/native tells it, decimal; absent: whatever has the name is it
 */
export function namespaceLives(name: string, cookie?: string): boolean {
  for (const path of pathsOf(name)) {
    if (cookie === undefined || isIt(path, name, cookie)) return true
  }
  return false
}

/** Every way to the namespace of that name, each looked for when it is asked for. */
function* pathsOf(name: string): Generator<string, void, void> {
  yield* mountsOf(name)
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))
  for (const pid of pids) if (linkOf(`/proc/${pid}/ns/net`) === name) yield `/proc/${pid}/ns/net`
  for (const pid of pids) {
    for (const fd of entriesOf(`/proc/${pid}/fd`)) {
      if (linkOf(`/proc/${pid}/fd/${fd}`) === name) yield `/proc/${pid}/fd/${fd}`
    }
  }
}

/** False also for what has gone meanwhile. What may not be looked at counts as it: too long kept is better than forgotten. */
function isIt(path: string, name: string, cookie: string): boolean {
  try {
    using namespace = Fd.adopt(openSync(path, 'r'))
    // Something else may be mounted over a file, or be a descriptor's number by now.
    if (`net:[${fstatSync(namespace.number).ino}]` !== name) return false
    return withNetworkNamespace(namespace, () => String(networkNamespaceCookie())) === cookie
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ENOENT')
  }
}

/** The fourth field of a line of proc_pid_mountinfo(5) is the root of the mount, for a namespace its name; the fifth its path. */
function mountsOf(name: string): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , , root]) => root === name)
    .map(([, , , , path = '']) => mountedPath(path))
}

/** Empty for a process that has ended, or of somebody else. */
function entriesOf(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    return undefined
  }
}
