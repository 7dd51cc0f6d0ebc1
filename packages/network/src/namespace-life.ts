import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/**
 * Whether a network namespace still exists, as far as this process can see: some process is in it or has it open, or it is
 * bound to a file.
 *
 * @param name `net:[<inode>]`
 */
export function namespaceLives(name: string): boolean {
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))
  return (
    isMounted(name) ||
    pids.some((pid) => linkOf(`/proc/${pid}/ns/net`) === name) ||
    pids.some((pid) => entriesOf(`/proc/${pid}/fd`).some((fd) => linkOf(`/proc/${pid}/fd/${fd}`) === name))
  )
}

/** The fourth field of a line of proc_pid_mountinfo(5) is the root of the mount: for a namespace its name. */
function isMounted(name: string): boolean {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .some((line) => line.split(' ')[3] === name)
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
