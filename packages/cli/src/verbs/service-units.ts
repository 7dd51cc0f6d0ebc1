import { resolve } from 'node:path'
import type { Command } from 'commander'
import { type CliContext, printResult } from '../context.ts'
import { type Action, actionLine, perform } from '../units/action.ts'
import { findProgram, hasOtherInstance, requireRoot, requireSystemd } from '../units/machine.ts'
import { type UnitPlace, unitPlace, userGroup } from '../units/place.ts'
import { type Target, planInstall, planUninstall } from '../units/plan-units.ts'
import { instanceOption, jsonOption, resolvConfOption, withExample } from './options.ts'

interface Options {
  readonly instance: string
  readonly resolvConf: string
  readonly root?: string
  readonly dryRun?: boolean
  readonly purge?: boolean
  readonly beforeNetwork?: boolean
  readonly json?: boolean
}

/** `vpnext service install` and `uninstall`: the service as a unit of systemd. */
export function addServiceUnitVerbs(program: Command, context: CliContext): void {
  const service = program.commands.find((command) => command.name() === 'service')
  if (service === undefined) throw new TypeError('addServiceVerb comes first')
  const install = withTarget(
    service.command('install'),
    'write the files below it, for a machine that is not running',
  )
    .description('have systemd start the service, hardened, now and with the machine')
    .addOption(resolvConfOption())
    .option('--before-network', 'start it before any network is set up, for a policy with lockdown "always"')
  withExample(install, 'vpnext service install --dry-run').action(async (options: Options) =>
    installUnits(context, options),
  )
  const uninstall = withTarget(service.command('uninstall'), 'remove the files below it')
    .description('stop the service and take away what install did')
    .option('--purge', 'with bundles, consent, data, policy and the group')
  withExample(uninstall, 'vpnext service uninstall --purge').action(async (options: Options) =>
    uninstallUnits(context, options),
  )
}

function withTarget(command: Command, rootHelp: string): Command {
  return command
    .addOption(instanceOption())
    .option('--root <dir>', rootHelp)
    .option('--dry-run', 'say what would be done, and do nothing')
    .addOption(jsonOption())
}

async function installUnits(context: CliContext, options: Options): Promise<void> {
  const place = unitPlace(options.instance, resolve(options.resolvConf))
  const order = options.beforeNetwork === true ? 'before-network' : 'with-network'
  const actions = planInstall(place, findProgram(), { target: targetOf(options), order })
  await settle(context, options, place, actions, [
    ...(options.root === undefined
      ? [`${place.unit} runs, and will with the machine; its messages: journalctl -u ${place.unit}`]
      : [`${place.unit} will run with the machine`]),
    `who may own a VPN: usermod -aG ${userGroup} <user>`,
  ])
}

async function uninstallUnits(context: CliContext, options: Options): Promise<void> {
  const place = unitPlace(options.instance, '/etc/resolv.conf')
  const purge = options.purge === true
  const isShared = hasOtherInstance(place, rootOf(options))
  const actions = planUninstall(place, { target: targetOf(options), purge, isShared })
  const kept = purge ? [] : [`${place.stateDir} stays, with bundles and consent; --purge takes it too`]
  await settle(context, options, place, actions, [`${place.unit} is gone`, ...kept])
}

/** Does it, or says what it would be. */
async function settle(
  context: CliContext,
  options: Options,
  { unit }: UnitPlace,
  actions: readonly Action[],
  outcome: readonly string[],
): Promise<void> {
  const isDry = options.dryRun === true
  const where = options.root === undefined ? [] : [`below ${rootOf(options)}:`]
  if (!isDry) {
    requireRoot()
    if (options.root === undefined) requireSystemd()
    await perform(actions, rootOf(options), context.signal)
  }
  printResult(context, options, { unit, done: !isDry, actions }, () =>
    isDry ? [...where, ...actions.flatMap(actionLines)] : [...where, ...actions.map(actionLine), ...outcome],
  )
}

/** With the text of what would be written. */
function actionLines(action: Action): string[] {
  if (action.kind !== 'write') return [actionLine(action)]
  const text = action.text.trimEnd().split('\n')
  return [actionLine(action), ...text.map((line) => `    ${line}`.trimEnd())]
}

function rootOf({ root }: Options): string {
  return resolve(root ?? '/')
}

function targetOf({ root }: Options): Target {
  return root === undefined ? 'running' : 'offline'
}
