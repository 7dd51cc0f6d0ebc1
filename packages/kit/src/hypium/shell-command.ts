import type { Want } from '@vpnext/api'
import { errorText } from '@vpnext/native'

/** What `executeShellCommand` gives. */
export interface ShellCommandResult {
  readonly stdResult: string
  readonly exitCode: number
  dump(): string
}

/** Options of `aa start` that a want is made of, each with the words that follow it. */
const wantOptions: Readonly<Record<string, 0 | 1 | 2>> = {
  '-a': 1,
  '-b': 1,
  '-m': 1,
  '-d': 1,
  '-U': 1,
  '-A': 1,
  '-e': 1,
  '-t': 1,
  '--ps': 2,
  '--pi': 2,
  '--pb': 2,
  '--psn': 1,
  '-D': 0,
  '-S': 0,
  '-R': 0,
}

/**
 * Performs a command of the device's shell, of which a process here has `aa start` of a page alone: everything else is a
 * program that is not there.
 *
 * @param startPage as `AbilityDelegator.startAbility`
 */
export async function executeShellCommand(
  command: string,
  startPage: (want: Want) => Promise<void>,
): Promise<ShellCommandResult> {
  const [program = '', verb, ...rest] = wordsOf(command)
  if (program !== 'aa' || verb !== 'start')
    return result(`/bin/sh: ${program}: inaccessible or not found\n`, 127)
  const want = wantOf(rest)
  if (typeof want === 'string') return result(`error: failed to start ability.\n${want}\n`, 1)
  try {
    await startPage(want)
    return result('start ability successfully.\n', 0)
  } catch (error) {
    return result(`error: failed to start ability.\n${errorText(error)}\n`, 1)
  }
}

function result(stdResult: string, exitCode: number): ShellCommandResult {
  return { stdResult, exitCode, dump: () => stdResult }
}

/** Quotes keep blanks together. */
function wordsOf(command: string): string[] {
  const words = command.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []
  return words.map((word) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'))
}

/** @returns the want, or what is wrong */
function wantOf(words: readonly string[]): Want | string {
  const given = new Map<string, string>()
  const parameters: Record<string, string | number | boolean> = {}
  for (let at = 0; at < words.length;) {
    const option = words[at] ?? ''
    const count = wantOptions[option]
    if (count === undefined) return `fail: unknown option: ${option}`
    const [first = '', second = ''] = words.slice(at + 1, at + 1 + count)
    if (at + count >= words.length && count > 0) return `error: option ${option} requires a value.`
    switch (option) {
      case '--ps':
        parameters[first] = second
        break
      case '--pi':
        parameters[first] = Number(second)
        break
      case '--pb':
        parameters[first] = /^t/i.test(second)
        break
      case '--psn':
        parameters[first] = ''
        break
      default:
        given.set(option, first)
    }
    at += 1 + count
  }
  const [ability, bundle] = [given.get('-a'), given.get('-b')]
  if (ability === undefined || bundle === undefined) return 'error: options -a and -b are needed.'
  const [module, uri, action, entity, type] = ['-m', '-U', '-A', '-e', '-t'].map((name) => given.get(name))
  return {
    bundleName: bundle,
    abilityName: ability,
    parameters,
    ...(module !== undefined && { moduleName: module }),
    ...(uri !== undefined && { uri }),
    ...(action !== undefined && { action }),
    ...(entity !== undefined && { entities: [entity] }),
    ...(type !== undefined && { type }),
  }
}
