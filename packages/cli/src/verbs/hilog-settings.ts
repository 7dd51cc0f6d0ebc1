import { logRoom } from '@vpnext/service/protocol'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { type CliContext, type ServiceOptions, printResult } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../cli-failure.ts'
import { letters, readLevel } from '../familiar/hilog-line.ts'

/** Options of hilog that set what the log is, or ask for it. */
export interface LogSettings {
  readonly showSize?: boolean
  readonly bufferSize?: string
  readonly privacy?: Switch
  readonly kmsg?: Switch
  readonly flowControl?: string
  readonly baselevel?: string
  readonly write?: PersistControl
  readonly statistics?: boolean
  readonly clearStatistics?: boolean
  /** With a level: whose. */
  readonly tag?: readonly string[]
  readonly domain?: readonly number[]
}

type PersistControl = (typeof persistControls)[number]

const persistControls = ['query', 'start', 'stop', 'refresh', 'clear'] as const

type Switch = 'on' | 'off'

/** What a device would have been set to, and why this log is not, where it is not. */
interface Setting {
  readonly text: string
  readonly refused?: string
}

/** Adds them. Each ends the command; those that name what this log is anyway succeed, the others say why they do not. */
export function withLogSettings(command: Command): void {
  command
    .option('-g, --show-size', 'the size of the buffer, and end')
    .option('-G, --buffer-size <size>', 'refused: its size is fixed')
    .addOption(new Option('-p, --privacy <on|off>', 'private values stay out of the log').argParser(onOrOff))
    .addOption(new Option('-k, --kmsg <on|off>', 'lines of the kernel are not in the log').argParser(onOrOff))
    .addOption(
      new Option('-Q, --flow-control <limit>', 'which floods are kept out: those of a process').choices([
        'pidon',
        'pidoff',
        'domainon',
        'domainoff',
      ]),
    )
    .addOption(
      new Option('-b, --baselevel <level>', 'from which level on there are lines: D').argParser(level),
    )
    .option('--persist', 'accepted: the level is what it is')
    .option('-s, --statistics', 'refused: none are kept')
    .option('-S, --clear-statistics', 'none are kept')
    .addOption(
      new Option('-w, --write <control>', 'refused: nothing is written to files').choices(persistControls),
    )
    .option('-f, --filename <name>', 'accepted: of -w')
    .option('-l, --length <size>', 'accepted: of -w')
    .option('-n, --number <files>', 'accepted: of -w')
    .option('-m, --stream <algorithm>', 'accepted: of -w')
    .option('-j, --jobid <id>', 'accepted: of -w')
}

/** Answers the options that were given. @returns false when there are none @throws CliFailure for one that cannot be had */
export function answerSettings(context: CliContext, options: LogSettings & ServiceOptions): boolean {
  const { text, refused } = settingOf(options) ?? {}
  if (text === undefined) return false
  if (refused !== undefined) throw new CliFailure(exitCodes.failure, `${text}: ${refused}`)
  printResult(context, options, { setting: text }, () => [text])
  return true
}

function settingOf(options: LogSettings): Setting | undefined {
  const { showSize, bufferSize, privacy, kmsg, flowControl: limit, baselevel, write } = options
  const size = `${(logRoom / 1024 / 1024).toFixed(1)}M`
  if (showSize === true) return { text: `Log type app buffer size is ${size}` }
  if (bufferSize !== undefined)
    return { text: `Set log type app buffer size to ${bufferSize} failed`, refused: `it is ${size}, always` }
  if (privacy === 'on') return { text: 'Set hilog privacy format on successfully' }
  if (privacy === 'off')
    return {
      text: 'Set hilog privacy format off failed',
      refused: 'private values never leave the extension',
    }
  if (kmsg === 'off') return { text: 'Set hilogd storing kmsg log off successfully' }
  if (kmsg === 'on')
    return { text: 'Set hilogd storing kmsg log on failed', refused: 'dmesg shows the lines of the kernel' }
  if (limit !== undefined) return flowControl(limit)
  if (baselevel !== undefined) {
    const text = `Set ${whoseLevel(options)} log level to ${baselevel}`
    if (baselevel === 'D') return { text: `${text} successfully` }
    return { text: `${text} failed`, refused: `lines of every level are kept; hilog -L shows some of them` }
  }
  if (write !== undefined) {
    const refused =
      write === 'start' ? 'hilog > file writes what there is, and goes on' : 'No running persistent task'
    return { text: `Persist task ${write} failed`, refused }
  }
  if (options.statistics === true) return { text: 'Statistic info query failed', refused: 'none are kept' }
  if (options.clearStatistics === true) return { text: 'Statistic info clear successfully' }
  return undefined
}

function whoseLevel({ tag, domain }: LogSettings): string {
  if (domain !== undefined) return `domain ${domain.map((each) => `0x${each.toString(16)}`).join(',')}`
  return tag === undefined ? 'global' : `tag ${tag.join(',')}`
}

function flowControl(limit: string): Setting {
  const what = limit.startsWith('pid') ? 'process' : 'domain'
  const state = limit.endsWith('on') ? 'enabled' : 'disabled'
  const text = `Set flow control by ${what} to ${state}`
  if (limit === 'pidon' || limit === 'domainoff') return { text: `${text} successfully` }
  const refused = what === 'process' ? 'a process can always be too loud' : 'there is none by domain'
  return { text: `${text} failed`, refused }
}

function onOrOff(text: string): string {
  if (text === 'on' || text === 'off') return text
  throw new InvalidArgumentError('on or off is needed.')
}

function level(text: string): string {
  const found = readLevel(text)
  if (found !== undefined) return letters[found]
  throw new InvalidArgumentError('D, I, W, E or F is needed.')
}
