import { readFileSync } from 'node:fs'
import { publicInterface } from '@vpnext/service/protocol'
import type { Command } from 'commander'
import { connectService } from '../connect.ts'
import { answerConsent } from '../consent-prompt.ts'
import { type CliContext, type ServiceOptions, printResult } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../failure.ts'
import { chooseAbility } from './choose-ability.ts'
import { withExample, withServiceOptions } from './options.ts'

interface Options extends ServiceOptions {
  readonly yes?: boolean
  readonly ps?: string[]
  readonly pi?: string[]
  readonly pb?: string[]
  readonly parameters?: string
}

/** `vpnext start <bundle> [ability]`: startVpnExtensionAbility as the user, with consent asked in this terminal. */
export function addStartVerb(program: Command, context: CliContext): void {
  const command = program
    .command('start <bundle> [ability]')
    .description('start a VPN extension, asking for consent when there is none')
    .option('-y, --yes', 'consent without being asked')
    .option('--ps <key value...>', 'string members of want.parameters')
    .option('--pi <key value...>', 'integer members of want.parameters')
    .option('--pb <key value...>', 'boolean members of want.parameters')
    .option('--parameters <file>', 'want.parameters as a JSON file, `-` for standard input (for secrets)')
  withExample(withServiceOptions(command), 'vpnext start io.vpnext.hello --ps gateway 10.77.2.2 --pi port 5555').action(
    async (bundleName: string, ability: string | undefined, options: Options) => {
      const parameters = readParameters(options)
      await using client = await connectService(context, options)
      const abilityName = await chooseAbility(client, context, bundleName, ability)
      const want = { deviceId: '', bundleName, abilityName, parameters }
      await using _consent = await answerConsent(context, options, bundleName)
      await client.call(publicInterface, 'StartAbility', { want }, { signal: context.signal })
      printResult(context, options, { bundleName, abilityName }, () => [`started ${bundleName} (${abilityName})`])
    },
  )
}

/** @throws CliFailure naming the option that is wrong */
function readParameters(options: Options): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  if (options.parameters !== undefined) Object.assign(result, readParameterFile(options.parameters))
  for (const [key, value] of pairs('--ps', options.ps)) result[key] = value
  for (const [key, value] of pairs('--pi', options.pi)) {
    if (!/^-?\d+$/.test(value)) throw new CliFailure(exitCodes.usage, `--pi ${key}: ${value} is no integer`)
    result[key] = Number(value)
  }
  for (const [key, value] of pairs('--pb', options.pb)) {
    if (value !== 'true' && value !== 'false') {
      throw new CliFailure(exitCodes.usage, `--pb ${key}: ${value} is neither true nor false`)
    }
    result[key] = value === 'true'
  }
  return result
}

function pairs(option: string, words: readonly string[] = []): [string, string][] {
  if (words.length % 2 !== 0) throw new CliFailure(exitCodes.usage, `${option}: the last key has no value`)
  return words.flatMap((key, index): [string, string][] => {
    const value = words[index + 1]
    return index % 2 === 0 && value !== undefined ? [[key, value]] : []
  })
}

function readParameterFile(path: string): object {
  try {
    const value: unknown = JSON.parse(readFileSync(path === '-' ? 0 : path, 'utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new CliFailure(exitCodes.usage, `--parameters ${path}: ${reason}`, { cause: error })
  }
  throw new CliFailure(exitCodes.usage, `--parameters ${path}: a JSON object is needed`)
}
