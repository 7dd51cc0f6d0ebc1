import { execFile } from 'node:child_process'
import { lstatSync, mkdirSync, renameSync, rmSync, rmdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { isErrno, removeFile } from '@vpnext/native'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../cli-failure.ts'

/** One thing that installing or uninstalling does. */
export type Action =
  | { readonly kind: 'write'; readonly path: string; readonly text: string }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  /** `may-fail`: what it wants may be so already. */
  | { readonly kind: 'run'; readonly command: readonly string[]; readonly mayFail: boolean }
  /** `idle`: a folder, when nothing is in it. */
  | { readonly kind: 'remove'; readonly path: string; readonly what: 'file' | 'idle' | 'tree' }

/** An action as one line for a person. */
export function actionLine(action: Action): string {
  switch (action.kind) {
    case 'write':
      return `write ${action.path}`
    case 'link':
      return `link ${action.path} to ${action.target}`
    case 'run':
      return `run ${action.command.join(' ')}`
    case 'remove':
      return `remove ${action.path}${action.what === 'idle' ? ' if it is empty' : ''}`
    default:
      return action satisfies never
  }
}

/**
 * Does actions in order.
 *
 * @param root folder that stands for `/`; commands are for the running machine and must not be among the actions then
 * @throws CliFailure with what a command said; what was done before it stays
 */
export async function perform(actions: readonly Action[], root: string, signal: AbortSignal): Promise<void> {
  for (const action of actions) {
    signal.throwIfAborted()
    switch (action.kind) {
      case 'write':
        writeWhole(join(root, action.path), action.text)
        break
      case 'link':
        linkAnew(join(root, action.path), action.target)
        break
      case 'run':
        await run(action, signal)
        break
      case 'remove':
        remove(join(root, action.path), action.what)
        break
      default:
        action satisfies never
    }
  }
}

/** A reader finds all of it or what was there before. */
function writeWhole(path: string, text: string): void {
  const temporary = `${path}.new`
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 })
  removeFile(temporary)
  writeFileSync(temporary, text, { mode: 0o644, flag: 'wx' })
  renameSync(temporary, path)
}

function linkAnew(path: string, target: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 })
  removeFile(path)
  symlinkSync(target, path)
}

function remove(path: string, what: 'file' | 'idle' | 'tree'): void {
  if (what !== 'idle') {
    // A link is removed, never followed.
    if (what === 'tree') rmSync(path, { force: true, recursive: true })
    else removeFile(path)
    return
  }
  try {
    if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true) rmdirSync(path)
  } catch (error) {
    if (!isErrno(error, 'ENOTEMPTY')) throw error
  }
}

async function run(
  { command, mayFail }: Extract<Action, { readonly kind: 'run' }>,
  signal: AbortSignal,
): Promise<void> {
  const [program = '', ...args] = command
  try {
    await promisify(execFile)(program, args, { signal, encoding: 'utf8' })
  } catch (error) {
    signal.throwIfAborted()
    if (mayFail) return
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : ''
    const message = said === '' && error instanceof Error ? error.message : said
    throw new CliFailure(exitCodes.failure, `${command.join(' ')}: ${message}`, { cause: error })
  }
}
