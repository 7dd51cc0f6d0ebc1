import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

import { ProjectFolder } from '../project-folder.ts'
import type { Project } from '../project.ts'
import { compilerOptions, componentNames } from './compiler-options.ts'
import { loadLinter } from './linter.ts'
import type {
  CompilerBuilder,
  CompilerDiagnostic,
  CompilerFile,
  CompilerHost,
  Linter,
  MessageText,
} from './linter.ts'
import { readSourceGraph } from './source-graph.ts'
import type { SourceGraph } from './source-graph.ts'

/** A place where code is not ArkTS as the device's compiler takes it. */
export interface StrictnessFinding {
  /** Relative to the project folder. */
  readonly file: string
  /** From 1, as `column`. */
  readonly line: number
  readonly column: number
  /** The linter's name of the rule, e.g. `arkts-no-any-unknown`; `ts2322` for a rule of strict TypeScript. */
  readonly rule: string
  /** The device's compiler refuses an error, and mentions a warning. */
  readonly severity: 'error' | 'warning'
  /** In the linter's words, without the rule. */
  readonly text: string
  /**
   * It rests on types, and the file uses what vpnext has no declarations of, components of pages above all: the device's
   * compiler, which has them, may see it otherwise.
   */
  readonly uncertain: boolean
}

/** What the linter says of a project. */
export interface StrictnessReport {
  /** Of `ohos-typescript`. */
  readonly linterVersion: string
  /** `.ets` files that were looked at, relative to the project folder, sorted. */
  readonly files: readonly string[]
  /** By file and place. */
  readonly findings: readonly StrictnessFinding[]
}

export interface StrictnessOptions {
  /** Absolute paths of the declarations (`.d.ts`) of kits and globals. */
  readonly declarations: readonly string[]
  /** The folder of the package `ohos-typescript`; without it, the one that is installed with vpnext. */
  readonly linter?: string
  readonly signal?: AbortSignal
}

/** TypeScript's codes for a name, a module or a member that is not declared anywhere. */
const undeclaredCodes: ReadonlySet<number> = new Set([2304, 2305, 2307, 2339, 2503, 2552, 2614, 2694, 2724])

/** Rules that look at types, besides those of strict TypeScript; all others look at the text alone. */
const rulesOnTypes: ReadonlySet<string> = new Set([
  'arkts-no-any-unknown',
  'arkts-no-untyped-obj-literals',
  'arkts-no-noninferrable-arr-literals',
  'arkts-no-inferred-generic-params',
  'arkts-no-implicit-return-types',
  'arkts-no-props-by-index',
  'arkts-no-spread',
  'arkts-no-structural-typing',
  'arkts-limited-esobj',
  'arkts-limited-throw',
  'arkts-strict-typing',
])

/**
 * Holds a project's `.ets` files against ArkTS's rules, by the linter of the device's own compiler, and against the
 * declarations of the kits. Files that come from `oh_modules` are not looked at. Nothing of the project is run, and nothing is
 * written.
 *
 * @throws LinterError when the linter, which is optional, is not there
 * @throws ProjectError for an `oh-package.json5` that is not as it should be
 */
export async function checkStrictness(
  project: Project,
  options: StrictnessOptions,
): Promise<StrictnessReport> {
  const linter = loadLinter(options.linter)
  const folder = await ProjectFolder.open(project.folder)
  const graph = await readSourceGraph(folder, project.modules, linter.compiler, options.signal)
  const builder = createProgram(linter, graph, options.declarations)
  const program = builder.getProgram()
  const checked = new Map<string, CheckedFile>()
  for (const path of graph.files) {
    const file = program.getSourceFile(path)
    if (file === undefined || !isOwnCode(folder.show(path))) continue
    options.signal?.throwIfAborted()
    const semantic = program.getSemanticDiagnostics(file)
    const hasUndeclared = semantic.some(({ code }) => undeclaredCodes.has(code))
    const mistakes = semantic.filter(
      ({ category, code }) => category === errorCategory && !undeclaredCodes.has(code),
    )
    const own = [...program.getSyntacticDiagnostics(file), ...mistakes]
    checked.set(file.fileName, { file, hasUndeclared, own })
  }
  options.signal?.throwIfAborted()
  const found = [
    ...[...checked.values()].flatMap(({ own }) => own),
    ...linter.compiler.ArkTSLinter_1_1.runArkTSLinter(builder, undefined, undefined, 'ArkTS_1_1'),
  ]
  const findings = found.flatMap((diagnostic) => {
    const file = checked.get(diagnostic.file?.fileName ?? '')
    return file === undefined ? [] : [findingOf(diagnostic, file, folder)]
  })
  return {
    linterVersion: linter.version,
    files: [...checked.keys()].map((path) => folder.show(path)).toSorted(),
    findings: distinct(findings).toSorted(byPlace),
  }
}

/** DiagnosticCategory.Error of TypeScript. */
const errorCategory = 1

interface CheckedFile {
  readonly file: CompilerFile
  readonly hasUndeclared: boolean
  /** What the compiler finds without the linter. */
  readonly own: readonly CompilerDiagnostic[]
}

function createProgram(
  { compiler }: Linter,
  graph: SourceGraph,
  declarations: readonly string[],
): CompilerBuilder {
  const texts = graph.files.filter((path) => path.endsWith('.ets')).map((path) => readFileSync(path, 'utf8'))
  const options = compilerOptions(compiler, componentNames(texts))
  const host = compiler.createIncrementalCompilerHost(options)
  const roots = declarations.map((path) => asDeviceFile(path, host))
  host.resolveModuleNames = (names, importer) =>
    names.map((name) => {
      const target = graph.target(name, importer)
      return target === undefined ? undefined : { resolvedFileName: target }
    })
  return compiler.createIncrementalProgram({ rootNames: [...graph.files, ...roots], options, host })
}

/** The linter knows what may be shared between threads by the name of the device's file that declares `ISendable`. */
function asDeviceFile(path: string, host: CompilerHost): string {
  if (basename(path) !== 'sendable.d.ts') return path
  const shown = join(dirname(path), '@arkts.lang.d.ets')
  const { readFile, fileExists } = host
  host.readFile = (name) => readFile(name === shown ? path : name)
  host.fileExists = (name) => fileExists(name === shown ? path : name)
  return shown
}

function isOwnCode(path: string): boolean {
  return (
    path.endsWith('.ets') && !basename(path).endsWith('.d.ets') && !path.split('/').includes('oh_modules')
  )
}

function findingOf(
  { start, category, code, messageText }: CompilerDiagnostic,
  { file, hasUndeclared }: CheckedFile,
  folder: ProjectFolder,
): StrictnessFinding {
  const message = textOf(messageText)
  const named = / ?\((arkts-[\w-]+)\)$/.exec(message)
  const rule = named?.[1] ?? `ts${code}`
  const { line, character } = file.getLineAndCharacterOfPosition(start ?? 0)
  return {
    file: folder.show(file.fileName),
    line: line + 1,
    column: character + 1,
    rule,
    severity: category === errorCategory ? 'error' : 'warning',
    text: named === null ? message : message.slice(0, named.index),
    uncertain: hasUndeclared && (named === null || rulesOnTypes.has(rule)),
  }
}

function textOf(message: MessageText): string {
  return typeof message === 'string' ? message : message.messageText
}

function distinct(findings: readonly StrictnessFinding[]): StrictnessFinding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()]
}

function byPlace(a: StrictnessFinding, b: StrictnessFinding): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return a.line - b.line || a.column - b.column
}
