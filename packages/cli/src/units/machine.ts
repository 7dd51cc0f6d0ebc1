import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hostImagePath } from '@vpnext/host'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../cli-failure.ts'
import { type UnitPlace, unitFolder } from './place.ts'
import type { UnitProgram } from './service-unit.ts'

/** Once compiled, beside this folder; tests run from source. */
const script = fileURLToPath(import.meta.url).replace(/\/(src|dist)\/units\/[^/]+$/, '/dist/main.js')

/** Folders that are empty after a start of the machine, or for each unit (PrivateTmp=). */
const passing = ['/tmp', '/var/tmp', '/run', '/dev/shm']

/**
 * sd_booted(3): whether systemd runs this machine.
 *
 * @throws CliFailure 7 saying what to do without
 */
export function requireSystemd(): void {
  if (existsSync('/run/systemd/system')) return
  throw new CliFailure(exitCodes.unsupported, 'systemd does not run this machine', {
    hint: 'let whatever does start `vpnext service run`, or write the files for another machine with --root <dir>',
  })
}

/** @throws CliFailure 4 */
export function requireRoot(): void {
  if (process.getuid?.() === 0) return
  throw new CliFailure(exitCodes.refused, 'units of the system are root’s', {
    hint: 'sudo vpnext service …, or look first with --dry-run',
  })
}

/**
 * The program a unit will start as root.
 *
 * @throws CliFailure 1 when it will not last, 4 when others than root could change it
 */
export function findProgram(): UnitProgram {
  const program = { node: realpathSync(process.execPath), script: realpathOrMissing(script) }
  // string_is_safe() in systemd's src/basic/string-util.c
  if (/["'\\]|\p{Cc}/u.test(program.node)) {
    throw new CliFailure(exitCodes.failure, `systemd starts no program with a path such as ${program.node}`)
  }
  for (const path of [program.node, program.script, realpathOrMissing(hostImagePath())]) {
    if (passing.some((folder) => path.startsWith(`${folder}/`))) {
      throw new CliFailure(exitCodes.failure, `${path} does not outlast the machine’s next start`, {
        hint: 'put vpnext into /opt or /usr/lib first',
      })
    }
    checkOwners(path)
  }
  return program
}

function realpathOrMissing(path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    throw new CliFailure(exitCodes.failure, `${path} is not built`, { hint: 'npm run build', cause: error })
  }
}

/**
 * Whoever can change a program that root starts, or a folder on the way to it, would be root.
 *
 * @throws CliFailure 4 naming the part of the path that others can change
 */
export function checkOwners(path: string): void {
  for (let part = path; ; part = dirname(part)) {
    const { uid, mode } = statSync(part)
    // In a folder with the sticky bit, others cannot replace what is not theirs.
    const isOpen = (mode & 0o022) !== 0 && (mode & 0o1000) === 0
    if (uid !== 0 || isOpen) {
      const who = uid === 0 ? 'others than root' : `uid ${uid}`
      throw new CliFailure(exitCodes.refused, `${part} can be changed by ${who}, who would be root then`, {
        hint: 'install vpnext as root, e.g. into /opt, and run that one',
      })
    }
    if (part === dirname(part)) return
  }
}

/** Whether another instance is installed below a root. */
export function hasOtherInstance(place: UnitPlace, root: string): boolean {
  const folder = join(root, unitFolder)
  if (!existsSync(folder)) return false
  return readdirSync(folder).some(
    (name) => /^vpnext(?:-[a-z0-9-]+)?\.service$/.test(name) && name !== place.unit,
  )
}
