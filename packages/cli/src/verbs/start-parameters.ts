import type { CliContext } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../cli-failure.ts'
import { readJsonObject } from '../json-input.ts'

/** Options of `start` and `aa start` that take a key and a value, once for each member of want.parameters. */
export const pairOptions = ['--ps', '--pi', '--pb'] as const

/** No argument of a process holds it. */
const separator = '\0'

/** The options of a command line that take a key and a value; of most verbs none. */
function pairOptionsOf([verb, second]: readonly string[]): readonly string[] {
  if (verb === 'start' || (verb === 'aa' && second === 'start')) return pairOptions
  return verb === 'aa' && second === 'test' ? ['-s'] : []
}

/** `--ps key value` → one word: commander's options take one value or all that follow, and a value may begin with `-`. */
export function joinParameterPairs(args: readonly string[]): string[] {
  const options = pairOptionsOf(args)
  const joined: string[] = []
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? ''
    if (word === '--') return [...joined, ...args.slice(index)]
    const value = args[index + 2]
    if (options.includes(word) && value !== undefined) {
      joined.push(word, `${args[index + 1] ?? ''}${separator}${value}`)
      index += 2
    } else joined.push(word)
  }
  return joined
}

/** What the options of `start` say about want.parameters, each pair still in one word. */
export interface ParameterOptions {
  readonly ps: readonly string[]
  readonly pi: readonly string[]
  readonly pb: readonly string[]
  readonly parameters?: string
}

/**
 * The want.parameters of a start. Single members win over those of the file.
 *
 * @throws CliFailure naming the option that is wrong, or why the file cannot be read
 */
export async function readParameters(
  context: CliContext,
  options: ParameterOptions,
): Promise<Record<string, unknown>> {
  const result: Record<string, unknown> = {}
  if (options.parameters !== undefined)
    Object.assign(result, await readJsonObject(context, options.parameters))
  for (const [key, value] of splitPairs('--ps', options.ps)) result[key] = value
  for (const [key, value] of splitPairs('--pi', options.pi)) {
    if (!/^-?\d+$/.test(value) || !Number.isSafeInteger(Number(value))) {
      throw new CliFailure(exitCodes.usage, `--pi ${key}: ${value} is no integer that JavaScript can hold`)
    }
    result[key] = Number(value)
  }
  for (const [key, value] of splitPairs('--pb', options.pb)) {
    if (!/^(true|t|false|f)$/i.test(value)) {
      throw new CliFailure(exitCodes.usage, `--pb ${key}: ${value} is neither true nor false`)
    }
    result[key] = /^t/i.test(value)
  }
  return result
}

/** Each pair, apart again. @throws CliFailure for an option without a value */
export function splitPairs(option: string, words: readonly string[]): [string, string][] {
  return words.map((word) => {
    const [key, value] = word.split(separator)
    if (key === undefined || value === undefined) {
      throw new CliFailure(exitCodes.usage, `${option} takes a key and a value`)
    }
    return [key, value]
  })
}
