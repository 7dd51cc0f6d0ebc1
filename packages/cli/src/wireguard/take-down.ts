import { connectService } from '../connect.ts'
import type { CliContext, ServiceOptions } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../cli-failure.ts'
import { visible } from '../text/visible.ts'
import { runHooks } from './hooks.ts'
import { type ProfileFile, profileName, readProfileFile } from './profile-file.ts'
import { WireGuardExtension } from './wireguard-extension.ts'

/** What `down` found and ended. */
export interface DownResult {
  readonly profile: string
  /** False: only a stored profile was left of it. */
  readonly wasUp: boolean
}

/**
 * Takes a profile down and removes what is stored of it. Where its file is there, and its commands may run, those that belong
 * to the end run; the tunnel goes whatever becomes of them.
 *
 * @param where the profile's name or its file
 * @throws CliFailure 5 when it is not up and nothing is stored of it
 */
export async function takeDown(
  context: CliContext,
  options: ServiceOptions,
  where: string,
): Promise<DownResult> {
  const profile = profileName(where)
  await using client = await connectService(context, options)
  const extension = new WireGuardExtension(client, context.signal)
  const isInstalled = await extension.isInstalled()
  const running = await extension.look()
  const wasUp = running?.report.profile === profile
  if (wasUp) {
    using file = await fileWithHooks(where, context.signal)
    const hooks = file !== undefined && (await mayRun(context, extension, file)) ? file : undefined
    const interfaceName = running.tunnel?.interfaceName ?? ''
    try {
      if (hooks !== undefined) await runHooks(context, hooks, 'PreDown', interfaceName)
    } finally {
      // In this order: an `up` that is still at work finds no profile then, and knows who stopped it.
      await extension.removeProfile(profile)
      await extension.stop()
    }
    if (hooks !== undefined) await runHooks(context, hooks, 'PostDown', interfaceName)
    return { profile, wasUp }
  }
  // One that is not up may still lie there, after a crash.
  if (isInstalled && (await extension.removeProfile(profile))) return { profile, wasUp }
  const other = running?.report.profile
  throw new CliFailure(exitCodes.notFound, `${profile} is not up`, {
    hint: other === undefined ? 'no tunnel of `vpnext up` is' : `${visible(other)} is`,
  })
}

/** Undefined when the file has gone, has no commands for the end, or cannot be read any more: the tunnel must go down anyway. */
async function fileWithHooks(where: string, signal: AbortSignal): Promise<ProfileFile | undefined> {
  try {
    const file = await readProfileFile(where, signal)
    if (file.settings.hooks.some(({ name }) => name === 'PreDown' || name === 'PostDown')) return file
    file[Symbol.dispose]()
  } catch (error) {
    if (!(error instanceof CliFailure) && !(error instanceof Error && 'code' in error)) throw error
  }
  return undefined
}

async function mayRun(
  { stderr }: CliContext,
  extension: WireGuardExtension,
  { path }: ProfileFile,
): Promise<boolean> {
  const allowed = await extension.mayRunCommands()
  if (!allowed)
    stderr.write(
      `warning: ${visible(path)}: its commands are not run: the administrator has not allowed them\n`,
    )
  return allowed
}
