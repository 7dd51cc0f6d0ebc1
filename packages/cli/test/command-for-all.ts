import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mainScript } from './vpnext-process.ts'

const repository = fileURLToPath(new URL('../../..', import.meta.url))
/** nobody: a uid without any right of its own. */
export const nobody: readonly string[] = ['--reuid', '65534', '--regid', '65534', '--clear-groups']
/** What the command needs of the repository. */
const needed = ['packages', 'apps', 'node_modules', 'package.json']

/**
 * The compiled command, where every user can run it. The repository may lie below a folder that is closed to others, as most homes
 * are, or have been made under umask 077: it is copied then.
 *
 * @param folder of the caller's, opened to others; a copy is made in it
 */
export function commandForAll(folder: string): string {
  if (canRun(mainScript)) return mainScript
  chmodSync(folder, 0o755)
  const copy = join(folder, 'repository')
  mkdirSync(copy)
  for (const name of needed)
    cpSync(join(repository, name), join(copy, name), { recursive: true, verbatimSymlinks: true })
  spawnSync('chmod', ['-R', 'a+rX', copy])
  return join(copy, relative(repository, mainScript))
}

function canRun(script: string): boolean {
  return spawnSync('setpriv', [...nobody, process.execPath, script, '--version'], { cwd: '/' }).status === 0
}
