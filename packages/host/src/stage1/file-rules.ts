import { type FileRule, landlockAbi, restrictFilesystem } from '@vpnext/native'
import { existsSync } from 'node:fs'

import type { Findings } from './findings.ts'
import { inside } from './private-root.ts'
import { StageError } from './stage-error.ts'

const run = ['read', 'execute'] as const
const look = ['read'] as const
const change = ['read', 'write'] as const

/** The second wall around the files, inside the private root: what may be read, run and changed. */
const rules: readonly FileRule[] = [
  ...['/usr', '/lib', '/lib64', '/lib32', '/bin', '/sbin'].map((path) => ({ path, access: run })),
  { path: inside.image, access: run },
  // Nothing in it is executed; that a native library may be mapped as code is the mount's to say.
  { path: inside.bundle, access: look },
  { path: '/etc', access: look },
  { path: '/proc', access: look },
  { path: '/dev', access: change },
  { path: '/tmp', access: change },
  { path: inside.data, access: change },
]

/**
 * Applies Landlock to this thread and what it executes.
 *
 * @param nodePath allowed to be run wherever it lies
 * @throws StageError when the kernel has no Landlock
 * @throws SystemError
 */
export function restrictFiles(nodePath: string, findings: Findings): void {
  if (landlockAbi() < 1)
    throw new StageError('landlock', 'this kernel has no Landlock, or it is switched off')
  const present = [...rules, { path: nodePath, access: run }].filter(({ path }) => existsSync(path))
  const { abi, scoped } = restrictFilesystem(present, { scope: true })
  findings.apply(`Landlock ABI ${abi}`)
  if (scoped) findings.apply('Landlock scopes')
  else findings.miss('Landlock scopes', `ABI ${abi} has none; signals and abstract sockets rely on the uid`)
}
