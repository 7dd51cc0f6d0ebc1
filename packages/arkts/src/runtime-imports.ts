import { posix } from 'node:path'

import * as z from 'zod/mini'

import { ArkuiScanner } from './arkui-scanner.ts'
import { readConfiguration } from './configuration-file.ts'
import { ProjectError } from './project-error.ts'
import type { ProjectProblem } from './project-error.ts'
import type { ProjectFolder } from './project-folder.ts'
import type { Project } from './project.ts'

/** What code of one module imports by names that it makes at run time. */
export interface RuntimeImports {
  /** Files, relative to the project folder. */
  readonly sources: readonly string[]
  /** Names of packages. */
  readonly packages: readonly string[]
}

const names = z._default(z.array(z.string()), [])

/** `build-profile.json5` of a module, the keys read here. */
const profileFile = z.object({
  buildOption: z.optional(
    z.object({
      arkOptions: z.optional(
        z.object({ runtimeOnly: z.optional(z.object({ sources: names, packages: names })) }),
      ),
    }),
  ),
})

/**
 * Reads `runtimeOnly` of the modules: what a build has to take along, because no import names it.
 *
 * @returns `of`: those of the module that a file is in, its path relative to the project folder. `problems`: files that are not there
 * @throws ProjectError for a build-profile.json5 that is not as it should be, and for a file outside the project
 */
export async function readRuntimeImports(
  folder: ProjectFolder,
  { modules }: Pick<Project, 'modules'>,
): Promise<{
  readonly of: (importer: string) => RuntimeImports | undefined
  readonly problems: readonly ProjectProblem[]
}> {
  const found: [folder: string, RuntimeImports][] = []
  const problems: ProjectProblem[] = []
  for (const { path } of modules) {
    const file = await readConfiguration(folder, `${path}/build-profile.json5`, profileFile)
    const written = file?.content.buildOption?.arkOptions?.runtimeOnly
    if (file === undefined || written === undefined) continue
    const sources: string[] = []
    for (const [index, source] of written.sources.entries()) {
      const key = ['buildOption', 'arkOptions', 'runtimeOnly', 'sources', index]
      const place = await folder.resolveFile(posix.join(path, source))
      if (place === 'outside')
        throw new ProjectError(file.problem(key, `${source} leaves the project folder`))
      if (typeof place === 'string')
        problems.push(file.problem(key, `no such file: ${source}`, `relative to ${path}`))
      else sources.push(folder.show(place.path))
    }
    if (sources.length + written.packages.length > 0)
      found.push([`${path}/`, { sources, packages: written.packages }])
  }
  return { of: (importer) => found.find(([module]) => importer.startsWith(module))?.[1], problems }
}

/**
 * Has `import(name)` of a name that is not written out find what a build takes along: each becomes a function that knows these
 * names, in the same line. All other names mean what they meant.
 *
 * @param file its path, relative to the project folder
 * @returns undefined when the text has no such import
 */
export function withRuntimeImports(
  text: string,
  file: string,
  { sources, packages }: RuntimeImports,
): string | undefined {
  if (!/\bimport\s*\(/.test(text)) return undefined
  const folder = posix.dirname(file)
  const known = [...sources.flatMap((source) => spellings(folder, source)), ...packages]
  const cases = known.map((name) => `case ${JSON.stringify(name)}: return import(${JSON.stringify(name)});`)
  const finder = `((name) => { switch (name) { ${cases.join(' ')} default: return import(name) } })`
  let result = ''
  let done = 0
  for (const { start, end } of variableImports(text)) {
    result += text.slice(done, start) + finder
    done = end
  }
  return done === 0 ? undefined : result + text.slice(done)
}

/** A file as code in a folder may name it: with its extension and without. */
function spellings(folder: string, source: string): string[] {
  const path = posix.relative(folder, source)
  const relative = path.startsWith('../') ? path : `./${path}`
  return [relative.replace(/\.e?ts$|\.js$/, ''), relative]
}

/** Where the word `import` stands before an expression in parentheses that is more than a text. */
function variableImports(text: string): { readonly start: number; readonly end: number }[] {
  const found: { start: number; end: number }[] = []
  const scanner = new ArkuiScanner(text)
  let before = ''
  for (let token = scanner.next(); token.kind !== 'end'; token = scanner.next()) {
    if (token.kind === 'word' && token.text === 'import' && before !== '.' && scanner.peek().text === '(') {
      const opened = scanner.next()
      const argument = text.slice(opened.end, scanner.skipBalanced() - 1)
      // A method may have that name.
      const after = scanner.peek().text
      const isMethod = after === '{' || (after === ':' && before !== '?')
      if (!isMethod && !isWrittenOut(argument)) found.push({ start: token.start, end: token.end })
      before = ')'
    } else before = token.text
  }
  return found
}

function isWrittenOut(argument: string): boolean {
  const scanner = new ArkuiScanner(argument)
  const { kind, text } = scanner.next()
  return kind === 'literal' && !text.includes('${') && scanner.next().kind === 'end'
}
