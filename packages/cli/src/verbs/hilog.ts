import { uptime } from 'node:os'
import { publicInterface } from '@vpnext/service/protocol'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { connectService } from '../connect.ts'
import { type CliContext, type ServiceOptions, printResult } from '../context.ts'
import {
  type Level,
  type LineFilter,
  type LineStyle,
  hilogLine,
  isWanted,
  readLevel,
} from '../familiar/hilog-line.ts'
import { type LogFormat, logFormats } from '../familiar/log-time.ts'
import { untilInterrupted } from '../interruption.ts'
import { type LogSettings, answerSettings, withLogSettings } from './hilog-settings.ts'
import { wholeNumber, withExample, withServiceOptions } from './options.ts'

interface Options extends ServiceOptions, LogSettings {
  readonly exit?: boolean
  readonly remove?: boolean
  readonly tag?: readonly string[]
  readonly domain?: readonly number[]
  readonly level?: readonly Level[]
  readonly pid?: readonly number[]
  readonly regex?: RegExp
  readonly head?: number
  readonly tail?: number
  readonly format: ReadonlySet<LogFormat>
}

/** `vpnext hilog`: the log, by the options of HarmonyOS's hilog; it goes on until it is stopped, or with -x ends. */
export function addHilogVerb(program: Command, context: CliContext): void {
  const command = program
    .command('hilog')
    .description('the log, by the options of HarmonyOS’s hilog')
    .option('-x, --exit', 'end after what there is')
    .option('-r, --remove', 'forget what there is, and end')
    .option('-t, --type <type>', 'accepted: there is one log')
    .addOption(
      new Option(
        '-T, --tag <tags>',
        'lines of these tags, separated by commas; ^ before them excludes',
      ).argParser(tags),
    )
    .addOption(
      new Option('-D, --domain <domains>', 'lines of these domains, in hexadecimal').argParser(domains),
    )
    .addOption(
      new Option('-L, --level <levels>', 'lines of these levels: D, I, W, E, F').argParser(levelList),
    )
    .addOption(new Option('-P, --pid <pids>', 'lines of these processes').argParser(pids))
    .addOption(new Option('-e, --regex <pattern>', 'lines whose text matches').argParser(pattern))
    .option('-a, --head <lines>', 'the first of what there is, and end', wholeNumber(1, 100_000))
    .option('-z, --tail <lines>', 'the last of what there is, and end', wholeNumber(1, 100_000))
    .addOption(
      new Option('-v, --format <format>', `how lines look: ${logFormats.join(', ')}; may be repeated`)
        .argParser(collectFormat)
        .default(new Set(), 'time'),
    )
  withLogSettings(command)
  withExample(withServiceOptions(command), 'vpnext hilog -x -T HelloVpn -L E').action(
    async (options: Options) => {
      if (answerSettings(context, options)) return
      if (options.remove === true) return await forget(context, options)
      const filter: LineFilter = {
        tags: options.tag ?? [],
        domains: options.domain ?? [],
        levels: options.level ?? [],
        pids: options.pid ?? [],
        pattern: options.regex,
      }
      const follow = options.exit !== true && options.head === undefined && options.tail === undefined
      await (follow
        ? untilInterrupted(context, () => print(context, options, filter, true))
        : print(context, options, filter, false))
    },
  )
}

async function forget(context: CliContext, options: Options): Promise<void> {
  await using client = await connectService(context, options)
  const { parameters } = await client.call(publicInterface, 'ClearLogs', {}, { signal: context.signal })
  printResult(context, options, parameters, () => [
    'Log type core,app,only_prerelease buffer clear successfully',
  ])
}

async function print(
  context: CliContext,
  options: Options,
  filter: LineFilter,
  follow: boolean,
): Promise<void> {
  await using client = await connectService(context, options)
  const lines: string[] = []
  const style: LineStyle = { formats: options.format, bootedAt: Date.now() - uptime() * 1000 }
  for await (const { parameters } of client.stream(
    publicInterface,
    'ReadLogs',
    { follow },
    { signal: context.signal },
  )) {
    const { entry } = parameters
    if (!isWanted(entry, filter)) continue
    const line = options.json === true ? JSON.stringify(entry) : hilogLine(entry, style)
    if (follow) context.stdout.write(`${line}\n`)
    else lines.push(line)
  }
  const wanted = options.head === undefined ? lines : lines.slice(0, options.head)
  const last = options.tail === undefined ? wanted : wanted.slice(-options.tail)
  if (last.length > 0) context.stdout.write(`${last.join('\n')}\n`)
}

function collectFormat(word: string, formats: ReadonlySet<LogFormat>): ReadonlySet<LogFormat> {
  const format = logFormats.find((each) => each === word)
  if (format === undefined) throw new InvalidArgumentError(`One of ${logFormats.join(', ')} is needed.`)
  return new Set([...formats, format])
}

/** `^a,b` excludes both, as on the device. */
function tags(text: string): string[] {
  if (!text.startsWith('^')) return text.split(',')
  return text
    .slice(1)
    .split(',')
    .map((tag) => `^${tag}`)
}

/** In front of the five digits of a domain, lines have the letter of their type. */
function domains(text: string): number[] {
  return text.split(',').map((each) => {
    const digits = /^(?:[AC]([0-9a-f]{5})|(?:0x)?([0-9a-f]{1,7}))$/i.exec(each)
    if (digits !== null) return Number.parseInt(digits[1] ?? digits[2] ?? '', 16)
    throw new InvalidArgumentError('Hexadecimal numbers are needed, separated by commas.')
  })
}

/** Separated as the device wants it, or as its documents write it. */
function levelList(text: string): Level[] {
  return text.split(/[,/]/).map((each) => {
    const level = readLevel(each)
    if (level !== undefined) return level
    throw new InvalidArgumentError('D, I, W, E, F are needed, or their words, separated by commas.')
  })
}

function pids(text: string): number[] {
  return text.split(',').map(wholeNumber(0, 0x7fff_ffff))
}

function pattern(text: string): RegExp {
  try {
    return new RegExp(text, 'u')
  } catch {
    throw new InvalidArgumentError('A regular expression is needed.')
  }
}
