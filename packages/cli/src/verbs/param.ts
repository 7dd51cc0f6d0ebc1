import type { Command } from 'commander'
import { CliFailure } from '../cli-failure.ts'
import type { CliContext } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { forbidden, notFound, systemParameters } from '../familiar/parameters.ts'
import { withExample } from './options.ts'

/** `vpnext param get|set`: what scripts ask a device for before they install. */
export function addParamVerb(program: Command, context: CliContext): void {
  const param = program
    .command('param')
    .description('system parameters, by the names and options of HarmonyOS’s param')
  withExample(param, 'vpnext param get const.ohos.apiversion')
  const get = param.command('get [name]').description('the value of one, or all of them')
  withExample(get, 'vpnext param get const.ohos.apiversion').action((name?: string) => {
    const lines =
      name === undefined
        ? Object.entries(systemParameters).map(([key, value]) => `${key} = ${value}`)
        : [valueOf(name)]
    context.stdout.write(`${lines.join('\n')}\n`)
  })
  const set = param.command('set <name> <value>').description('refused: they are what the machine is')
  withExample(set, 'vpnext param set persist.x.y 1').action((name: string, value: string) => {
    throw new CliFailure(
      exitCodes.failure,
      `Set parameter ${name} ${value} fail! errNum is:${forbidden}!\nparameters are what the machine is`,
      { plain: true },
    )
  })
}

function valueOf(name: string): string {
  const value = Object.hasOwn(systemParameters, name) ? systemParameters[name] : undefined
  if (value !== undefined) return value
  throw new CliFailure(exitCodes.notFound, `Get parameter "${name}" fail! errNum is:${notFound}!`, {
    plain: true,
  })
}
