import { parseScopeName, type ScopeName } from './scope-names.ts'

/** Whose program a control group holds. */
export interface CgroupApplication {
  /** Absent for what belongs to no user's session, such as a service of the system. */
  readonly uid?: number
  /** The names it goes by: `org.mozilla.firefox`; of a snap `snap:firefox`. */
  readonly id: string
}

/** 2^32-1 means "no uid" to the kernel. */
const NO_UID = 0xffff_ffff

/**
 * Reads the path of a control group below the cgroup2 mount.
 *
 * @param path with or without a leading slash, as in `/proc/<pid>/cgroup`; what is below an application's group belongs to it
 * @param instance whose own groups, `vpnext-<instance>/<uid>/<bundle>`, count
 * @returns undefined when it holds no application
 */
export function applicationOfPath(path: string, instance: string): CgroupApplication | undefined {
  const names = path.split('/').filter((name) => name !== '')
  if (names[0]?.startsWith('vpnext-') === true) return ownApplication(names, instance)
  let uid: number | undefined
  for (const name of names) {
    // The outermost counts: below it, names are up to the user.
    uid ??= uidOf(name)
    const scope = parseScopeName(name)
    if (scope !== undefined) return { ...(uid === undefined ? {} : { uid }), id: idOf(scope) }
  }
  return undefined
}

/** How an alias names what a scope name says. */
export function idOf({ kind, id }: ScopeName): string {
  return kind === 'snap' ? `snap:${id}` : id
}

/** Only what is ours: another instance's groups are none of our business. */
function ownApplication(names: readonly string[], instance: string): CgroupApplication | undefined {
  const [own, user = '', bundle] = names
  const uid = wholeUid(user)
  return own === `vpnext-${instance}` && uid !== undefined && bundle !== undefined
    ? { uid, id: bundle }
    : undefined
}

/** `user-1000.slice` of logind, `user@1000.service` of the user's systemd. */
function uidOf(name: string): number | undefined {
  const digits = /^user(?:-(\d+)\.slice|@(\d+)\.service)$/.exec(name)
  return digits === null ? undefined : wholeUid(digits[1] ?? digits[2] ?? '')
}

function wholeUid(digits: string): number | undefined {
  const uid = Number(digits)
  return /^(?:0|[1-9]\d{0,9})$/.test(digits) && uid < NO_UID ? uid : undefined
}
