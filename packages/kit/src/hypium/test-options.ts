import { attributeWords } from './attributes.ts'

/** What `aa test -s name value` sets for a run. */
export interface TestOptions {
  /** For each case and hook, in ms. */
  readonly timeoutMs: number
  /** `Suite` or `Suite#case`; undefined: all. */
  readonly classes: readonly string[] | undefined
  readonly notClasses: readonly string[]
  readonly suites: readonly string[] | undefined
  readonly cases: readonly string[] | undefined
  /** Attributes that a case must have all of, unless it has none. */
  readonly attributes: number
  /** Only lists the cases. */
  readonly dryRun: boolean
  readonly random: boolean
  /** Ends at the first case that fails. */
  readonly breakOnError: boolean
  /** How often each case runs. */
  readonly times: number
}

export type ReadOptions =
  | { readonly kind: 'read'; readonly options: TestOptions }
  /** `name:value` of each that is wrong. */
  | { readonly kind: 'wrong'; readonly values: readonly string[] }

const defaultTimeoutMs = 5000
/** As the framework allows a name of a suite or case. */
const namePattern = /^[A-Za-z][\w#,.]*$/

/** Reads the parameters of a run, under their names with or without the `-s ` that devices put before them. */
export function readTestOptions(parameters: Readonly<Record<string, unknown>>): ReadOptions {
  const wrong: string[] = []
  const get = (name: string): string | undefined => {
    const value = parameters[name] ?? parameters[`-s ${name}`]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const checked = (name: string, pattern: RegExp): string | undefined => {
    const value = get(name)
    if (value !== undefined && !pattern.test(value)) wrong.push(`${name}:${value}`)
    return value
  }
  const list = (name: string): string[] | undefined => {
    const names = get(name)?.split(',')
    if (names?.some((each) => !namePattern.test(each)) === true) wrong.push(`${name}:${names.join(',')}`)
    return names
  }
  const flag = (name: string): boolean => checked(name, /^(true|false)$/) === 'true'
  let attributes = 0
  for (const [name, words] of Object.entries(attributeWords)) {
    for (const word of get(name)?.split(',') ?? []) {
      const bit = words.get(word)
      if (bit === undefined) wrong.push(`${name}:${word}`)
      attributes |= bit ?? 0
    }
  }
  const options: TestOptions = {
    timeoutMs: Number(checked('timeout', /^\d+$/) ?? defaultTimeoutMs),
    classes: list('class'),
    notClasses: list('notClass') ?? [],
    suites: get('suite')?.split(','),
    cases: get('itName')?.split(','),
    attributes,
    dryRun: flag('dryRun'),
    random: flag('random'),
    breakOnError: flag('breakOnError'),
    times: Number(checked('stress', /^[1-9]\d{0,5}$/) ?? 1),
  }
  return wrong.length === 0 ? { kind: 'read', options } : { kind: 'wrong', values: wrong }
}

/** Whether a suite, by its name or the names that lead to it (`Outer.Inner`), has anything to run. */
export function wantsSuite(options: TestOptions, names: readonly string[]): boolean {
  const { classes, suites, notClasses } = options
  const own = spellings(names)
  if (own.some((name) => notClasses.includes(name))) return false
  if (suites !== undefined && !own.some((name) => suites.includes(name))) return false
  if (classes === undefined) return true
  return classes.some((wanted) => own.includes(wanted.split('#')[0] ?? ''))
}

export function wantsCase(
  options: TestOptions,
  suite: readonly string[],
  name: string,
  attributes: number,
): boolean {
  const { classes, cases, notClasses } = options
  const own = spellings(suite)
  if (own.some((each) => notClasses.includes(`${each}#${name}`))) return false
  if (cases !== undefined && !cases.includes(name)) return false
  if (attributes !== 0 && (attributes & options.attributes) !== options.attributes) return false
  if (classes === undefined) return true
  return own.some((each) => classes.includes(each) || classes.includes(`${each}#${name}`))
}

/** The name of a suite alone, and with those around it. */
function spellings(names: readonly string[]): string[] {
  return [names.at(-1) ?? '', names.join('.')]
}
