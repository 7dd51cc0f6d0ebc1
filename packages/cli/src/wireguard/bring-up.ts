import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectService } from '../connect.ts'
import { withConsent } from '../consent-prompt.ts'
import type { CliContext, ServiceOptions } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../cli-failure.ts'
import { visible } from '../text/visible.ts'
import { excludedNetworks } from './excluded-networks.ts'
import { checkHooks, runHooks } from './hooks.ts'
import { placeOfField } from './place-of-field.ts'
import type { ProfileFile } from './profile-file.ts'
import type { TunnelReport } from './tunnel-report.ts'
import { type RunningTunnel, wireGuardBundle, WireGuardExtension } from './wireguard-extension.ts'

/** Between two looks at whether a peer has answered, in ms. */
const pause = 100
/** What the service calls the first tunnel: `%i` while there is none yet. */
const firstInterface = 'vpn-tun'
/** Errors of `create` that mean "you may not". */
const refusedCodes = new Set([201, 2203001])

export interface UpOptions extends ServiceOptions {
  readonly yes?: boolean
  /** Seconds to wait for a peer's answer. */
  readonly wait: number
  /** Networks that stay outside, or `lan`. */
  readonly exclude?: readonly string[]
}

/** A tunnel that is up, and whether a peer has answered, or need not: without endpoints there is none to be asked. */
export interface UpResult extends RunningTunnel {
  readonly answered: boolean
}

/**
 * Brings a profile up: installs the extension, stores the profile with it, starts it, and waits for an answer of a peer;
 * runs the file's commands on the way, where they may run.
 * What fails on the way is taken back; a tunnel whose peers are silent stays.
 *
 * @throws CliFailure when another profile is up, or why this one cannot be, or that `down` came before its end
 */
export async function bringUp(
  context: CliContext,
  options: UpOptions,
  profile: ProfileFile,
): Promise<UpResult> {
  const { signal } = context
  const excluded = excludedNetworks(options.exclude ?? [], profile.settings)
  await using client = await connectService(context, options)
  const extension = new WireGuardExtension(client, signal)
  const other = await extension.look()
  if (other !== undefined) throw isUpAlready(other.report)
  await extension.install()
  await checkHooks(profile, extension)
  const run = randomUUID()
  await storeProfile(extension, profile, run)
  try {
    await runHooks(context, profile, 'PreUp', firstInterface)
    await withConsent(context, options, wireGuardBundle, (end) =>
      extension.start({ profile: profile.name, run, ...(excluded.length > 0 && { excluded }) }, end),
    )
    const started = await lookAt(extension, profile, run)
    // What the service starts by itself has no networks outside.
    if (started.report.state === 'up' && excluded.length !== (started.report.excluded ?? []).length)
      throw isUpAlready(started.report)
    await runHooks(context, profile, 'PostUp', started.tunnel?.interfaceName ?? firstInterface)
    return await waitForAnswer(extension, profile, run, started, options.wait * 1000, signal)
  } catch (error) {
    // What went wrong first is the reason: the service that would take it back may have gone.
    const wasTakenDown = await takeBack(extension, profile.name, run).catch(() => false)
    if (!wasTakenDown || signal.aborted) throw error
    // Whatever the extension says of it: that its profile has gone, or nothing, since it was stopped.
    throw new CliFailure(exitCodes.failure, `${profile.name} was taken down while it came up`, {
      cause: error,
    })
  }
}

/**
 * Stores a profile, with a line by which the extension knows whose it is: an always-on extension is started by the service, as soon as it is
 * installed, and may come up with the profile before it is asked to.
 */
async function storeProfile(extension: WireGuardExtension, profile: ProfileFile, run: string): Promise<void> {
  const bytes = Buffer.concat([profile.bytes, Buffer.from(`\n# run ${run}\n`)])
  try {
    await extension.storeProfile(profile.name, bytes)
  } finally {
    bytes.fill(0)
  }
}

async function lookAt(
  extension: WireGuardExtension,
  profile: ProfileFile,
  run: string,
): Promise<RunningTunnel> {
  const running = await extension.look()
  if (running === undefined)
    throw new CliFailure(exitCodes.failure, 'the WireGuard extension has ended', logsHint)
  const { report } = running
  if (report.run !== run) throw isUpAlready(report)
  if (report.state !== 'failed') return running
  const isRefused = refusedCodes.has(report.code ?? 0)
  const text = report.code === undefined ? '' : ` (${report.code})`
  const place = report.field === undefined ? undefined : placeOfField(profile, report.field)
  const { path } = profile
  const where =
    place === undefined ? '' : `${path}:${place.line === undefined ? '' : `${place.line}:`} ${place.key}: `
  throw new CliFailure(
    isRefused ? exitCodes.refused : exitCodes.failure,
    `${report.profile} did not come up: ${visible(where + (report.reason ?? ''))}${text}`,
    { details: { code: report.code, ...(place !== undefined && { file: path, ...place }) } },
  )
}

async function waitForAnswer(
  extension: WireGuardExtension,
  profile: ProfileFile,
  run: string,
  started: RunningTunnel,
  patience: number,
  signal: AbortSignal,
): Promise<UpResult> {
  const end = performance.now() + patience
  for (let running = started; ; running = await lookAt(extension, profile, run)) {
    const answered = hasAnswer(running.report)
    if (answered || performance.now() >= end) return { ...running, answered }
    await sleep(pause, undefined, { signal })
  }
}

/** Peers without a known place are heard of when they like. */
function hasAnswer({ peers }: TunnelReport): boolean {
  const asked = peers.filter(({ endpoint, unresolved }) => endpoint !== undefined || unresolved !== undefined)
  return asked.length === 0 || asked.some(({ latestHandshake }) => latestHandshake !== undefined)
}

/** Stops only what this start has brought up. @returns whether somebody has taken it down before, and its profile with it */
async function takeBack(extension: WireGuardExtension, profile: string, run: string): Promise<boolean> {
  const running = await new Promise<RunningTunnel | undefined>((resolve) => {
    extension.look().then(resolve, () => resolve(undefined))
  })
  if (running !== undefined && running.report.run !== run) {
    if (running.report.profile !== profile) await extension.removeProfile(profile)
    return false
  }
  await extension.stop()
  return !(await extension.removeProfile(profile))
}

function isUpAlready({ profile }: TunnelReport): CliFailure {
  return new CliFailure(exitCodes.failure, `${visible(profile)} is up already, and only one can be`, {
    hint: `vpnext down ${visible(profile)}`,
    details: { profile },
  })
}

const logsHint = { hint: `what it says:  vpnext logs ${wireGuardBundle}` }
