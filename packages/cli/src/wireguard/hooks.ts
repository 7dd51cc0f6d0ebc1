import { spawn } from 'node:child_process'
import type { HookName } from '@vpnext/wireguard'
import type { CliContext } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../cli-failure.ts'
import { visible } from '../text/visible.ts'
import type { ProfileFile } from './profile-file.ts'
import { wireGuardBundle, type WireGuardExtension } from './wireguard-extension.ts'

/**
 * Whether a file has no commands, or they may run.
 *
 * @throws CliFailure naming file, line and key, where the administrator has not allowed them
 */
export async function checkHooks(
  { path, settings }: ProfileFile,
  extension: WireGuardExtension,
): Promise<void> {
  const [first] = settings.hooks
  if (first === undefined || (await extension.mayRunCommands())) return
  const names = [...new Set(settings.hooks.map(({ name }) => name))].join(', ')
  throw new CliFailure(exitCodes.refused, `${path}:${first.line}: ${names}: commands in a file are not run`, {
    hint: `a file from somebody else could do anything with them: remove these lines, or have the administrator allow them ("commands": true for ${wireGuardBundle} in a policy file)`,
    details: { file: path, line: first.line, key: first.name },
  })
}

/**
 * Runs the commands of one kind, one after the other, by sh(1) with the rights of this process. As in wg-quick, `%i` is the
 * interface. What they print goes to standard error.
 *
 * @throws CliFailure naming the line of the first that fails
 */
export async function runHooks(
  context: CliContext,
  { path, settings }: ProfileFile,
  kind: HookName,
  interfaceName: string,
): Promise<void> {
  for (const { name, command, line } of settings.hooks) {
    if (name !== kind) continue
    const text = command.replaceAll('%i', interfaceName)
    context.stderr.write(`${name}: ${visible(text)}\n`)
    const how = await run(text, context)
    if (how === 'code 0') continue
    context.signal.throwIfAborted()
    throw new CliFailure(exitCodes.failure, `${path}:${line}: ${name}: the command ended with ${how}`, {
      details: { file: path, line, key: name },
    })
  }
}

function run(command: string, { signal, stderr }: CliContext): Promise<string> {
  const child = spawn('/bin/sh', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [child.stdout, child.stderr]) stream.pipe(stderr, { end: false })
  const stop = (): void => void child.kill('SIGTERM')
  signal.addEventListener('abort', stop, { once: true })
  return new Promise<string>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, name) => resolve(code === null ? String(name) : `code ${code}`))
  }).finally(() => signal.removeEventListener('abort', stop))
}
