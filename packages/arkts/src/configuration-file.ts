import JSON5 from 'json5'
import english from 'zod/v4/locales/en.js'
import { config, type z } from 'zod/mini'

import { formatKeyPath, json5Positions } from './json5-positions.ts'
import type { KeyPath } from './json5-positions.ts'
import { ProjectError, fileProblem } from './project-error.ts'
import type { ProjectProblem } from './project-error.ts'
import type { ProjectFolder } from './project-folder.ts'

// A project is read once: code made for its schemas would take longer than it saves.
config({ ...english(), jitless: true })

/** A JSON5 file of a project: its checked content, and the way from a key back to its place in the text. */
export interface ConfigurationFile<T> {
  readonly content: T
  /** Everything that the file says, keys that nobody reads included. */
  readonly raw: unknown
  /** A problem with the value at `path`. */
  problem(path: KeyPath, reason: string, hint?: string): ProjectProblem
}

/**
 * Reads and checks one JSON5 file. Comments, trailing commas and unknown keys are accepted.
 *
 * @param file relative to the project folder
 * @returns undefined when there is no such file
 * @throws ProjectError with every value that `schema` refuses
 */
export async function readConfiguration<T>(
  folder: ProjectFolder,
  file: string,
  schema: z.ZodMiniType<T>,
): Promise<ConfigurationFile<T> | undefined> {
  const text = await folder.readText(file)
  if (text === undefined) return undefined
  const raw = parse(file, text)
  const locate = json5Positions(text)
  const problem = (path: KeyPath, reason: string, hint = ''): ProjectProblem => ({
    file,
    ...locate(path),
    key: formatKeyPath(path),
    reason,
    hint,
  })
  const checked = schema.safeParse(raw)
  if (checked.success) return { content: checked.data, raw, problem }
  const [first, ...others] = checked.error.issues.map((issue) => {
    const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)))
    return problem(path, valueAt(raw, path) === undefined ? 'is missing' : lowerFirst(issue.message))
  })
  throw new ProjectError(first ?? problem([], 'is refused'), ...others)
}

/** As {@link readConfiguration}, for a file that must exist. */
export async function requireConfiguration<T>(
  folder: ProjectFolder,
  file: string,
  schema: z.ZodMiniType<T>,
  hint: string,
): Promise<ConfigurationFile<T>> {
  const found = await readConfiguration(folder, file, schema)
  if (found === undefined) throw new ProjectError(fileProblem(file, 'no such file', hint))
  return found
}

function parse(file: string, text: string): unknown {
  try {
    return JSON5.parse(text)
  } catch (error) {
    const reason =
      error instanceof Error ? error.message.replaceAll(/^JSON5: | at \d+:\d+$/g, '') : String(error)
    const line = numberOf(error, 'lineNumber')
    throw new ProjectError({ file, line, column: numberOf(error, 'columnNumber'), key: '', reason, hint: '' })
  }
}

/** json5 puts the position on its SyntaxError. */
function numberOf(error: unknown, property: 'lineNumber' | 'columnNumber'): number {
  const value: unknown = error instanceof Error ? Reflect.get(error, property) : undefined
  return typeof value === 'number' ? value : 0
}

function valueAt(root: unknown, path: KeyPath): unknown {
  let value = root
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = Reflect.get(value, step)
  }
  return value
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
