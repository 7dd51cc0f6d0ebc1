import { readFileSync, writeFileSync } from 'node:fs'
import { getPriority, setPriority } from 'node:os'

/** man 7 sched, "The autogroup feature": with it, priorities count within a session only, and the session has one of its own. */
const sessionFile = '/proc/self/autogroup'
/** Ten times the share of others. Not the highest of all: with it wireguard-go's threads spend their time on each other. */
const raised = -10

/**
 * Gives everything that is measured a higher priority, contenders and loads alike, so that other work on the machine is not
 * measured: the session, or where the kernel has no such thing this process and what it starts from now on.
 *
 * @returns gives the old one back
 * @throws SystemError of node, EACCES without CAP_SYS_NICE
 */
export function raisePriority(): Disposable {
  const session = readSession()
  const before = session ?? getPriority()
  const set = (priority: number): void => {
    if (session === undefined) setPriority(priority)
    else writeFileSync(sessionFile, `${priority}`)
  }
  set(raised)
  return { [Symbol.dispose]: () => set(before) }
}

/** Absent where the kernel has no such groups, or they are off. */
function readSession(): number | undefined {
  try {
    const found = /nice (-?\d+)/.exec(readFileSync(sessionFile, 'utf8'))
    return found === null ? undefined : Number(found[1])
  } catch {
    return undefined
  }
}
