import { dirname } from 'node:path'
import type { Action } from './action.ts'
import { sysusersText, tmpfilesText } from './companion-files.ts'
import { type UnitPlace, policyFolder, userGroup } from './place.ts'
import { type StartOrder, type UnitProgram, serviceUnit } from './service-unit.ts'

/** Whether the files are for the machine that runs, whose systemd is told, or for one that will be started later. */
export type Target = 'running' | 'offline'

export interface InstallOptions {
  readonly target: Target
  readonly order: StartOrder
}

/** What installs a service, in order. Doing it again is no error. */
export function planInstall(
  place: UnitPlace,
  program: UnitProgram,
  { target, order }: InstallOptions,
): Action[] {
  const { unit, unitFile, sysusersFile, tmpfilesFile, wantedBy } = place
  const files: Action[] = [
    { kind: 'write', path: sysusersFile, text: sysusersText() },
    { kind: 'write', path: tmpfilesFile, text: tmpfilesText() },
    { kind: 'write', path: unitFile, text: serviceUnit(place, program, order) },
  ]
  if (target === 'offline') return [...files, { kind: 'link', path: wantedBy, target: unitFile }]
  return [
    ...files,
    run('systemd-sysusers', sysusersFile),
    run('systemd-tmpfiles', '--create', tmpfilesFile),
    run('systemctl', 'daemon-reload'),
    run('systemctl', 'enable', unit),
    // It starts one that does not run.
    run('systemctl', 'restart', unit),
  ]
}

export interface UninstallOptions {
  readonly target: Target
  /** Bundles, consent and data too, and the group. */
  readonly purge: boolean
  /** Another instance is installed, which shares the group and the policy. */
  readonly isShared: boolean
}

/** What uninstalls a service, in order. What is not there is no error. */
export function planUninstall(place: UnitPlace, options: UninstallOptions): Action[] {
  const { unit, unitFile, sysusersFile, tmpfilesFile, wantedBy, stateDir } = place
  const { target, purge, isShared } = options
  const isRunning = target === 'running'
  const shared: Action[] = [
    { kind: 'remove', path: policyFolder, what: purge ? 'tree' : 'idle' },
    { kind: 'remove', path: '/etc/vpnext', what: 'idle' },
    ...(purge && isRunning ? [attempt('groupdel', userGroup)] : []),
  ]
  return [
    // Its ExecStopPost= undoes what it set up.
    ...(isRunning ? [attempt('systemctl', 'disable', '--now', unit)] : []),
    ...[wantedBy, unitFile, sysusersFile, tmpfilesFile].map((path): Action => ({
      kind: 'remove',
      path,
      what: 'file',
    })),
    // Debian has none until somebody makes it.
    { kind: 'remove', path: dirname(sysusersFile), what: 'idle' },
    ...(isRunning ? [run('systemctl', 'daemon-reload'), attempt('systemctl', 'reset-failed', unit)] : []),
    ...(purge ? [{ kind: 'remove', path: stateDir, what: 'tree' } as const] : []),
    ...(isShared ? [] : shared),
  ]
}

function run(...command: readonly string[]): Action {
  return { kind: 'run', command, mayFail: false }
}

/** For what may be so already. */
function attempt(...command: readonly string[]): Action {
  return { kind: 'run', command, mayFail: true }
}
