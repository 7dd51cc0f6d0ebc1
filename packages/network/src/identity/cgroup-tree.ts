import { readdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { isErrno } from '@vpnext/native'
import { applicationOfPath, type CgroupApplication } from './cgroup-path.ts'

/** A control group that holds an application; those below it belong to it. */
export interface ApplicationCgroup {
  readonly path: string
  readonly application: CgroupApplication
}

/** Deeper than any session nests; the kernel's own default limit is higher. */
const MAX_DEPTH = 16

/** All control groups below the cgroup2 mount, the mount itself first. Those that vanish meanwhile are left out. */
export function* cgroupsBelow(path: string, depth = 0): Generator<string> {
  yield path
  if (depth < MAX_DEPTH) for (const child of foldersOf(path)) yield* cgroupsBelow(child, depth + 1)
}

/** The topmost control groups of applications, and the folders on the way to them, where new ones may appear. */
export function findApplications(
  root: string,
  instance: string,
): { readonly applications: ApplicationCgroup[]; readonly containers: string[] } {
  const applications: ApplicationCgroup[] = []
  const containers: string[] = []
  const visit = (path: string, depth: number): void => {
    const application = applicationOfPath(relative(root, path), instance)
    if (application !== undefined) applications.push({ path, application })
    else if (depth < MAX_DEPTH) {
      containers.push(path)
      for (const child of foldersOf(path)) visit(child, depth + 1)
    }
  }
  visit(root, 0)
  return { applications, containers }
}

/** What sock_diag calls the control group of a socket: the inode number of its folder. @returns undefined when it is gone */
export function cgroupId(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino
}

/** The control groups right below one; none when it is gone. */
export function foldersOf(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(path, entry.name))
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENODEV')) return []
    throw error
  }
}
