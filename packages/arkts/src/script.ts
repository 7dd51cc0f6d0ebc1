import { build } from 'esbuild'
import type { BuildFailure, BuildOptions, BuildResult, Message } from 'esbuild'

import { startCompiler } from './compiler-process.ts'
import { exportedNames } from './exported-names.ts'
import { importsAgree } from './import-agreement.ts'
import { ImportResolver, isKit, isNative, kitPatterns, madeEntry, plainPath } from './import-rules.ts'
import type { AskedImports, ImportRules } from './import-rules.ts'
import { kitUses, loadsUnusedKits } from './kit-uses.ts'
import type { KitUse } from './kit-uses.ts'
import { ProjectError } from './project-error.ts'
import type { ProjectProblem } from './project-error.ts'
import type { ProjectFolder } from './project-folder.ts'
import { sourceExtensions } from './source-files.ts'

/** One entry of the project as CommonJS. */
export interface CompiledScript {
  /** Ends in `//# sourceMappingURL=<key>.cjs.map`. */
  readonly code: string
  /** Source map (version 3) with the sources' text; their paths are relative to the project folder. */
  readonly map: string
  /** Names the entry exports, sorted. */
  readonly exports: readonly string[]
  /** Kits the code calls `require` for, sorted; imports of types and of what nothing uses are gone. */
  readonly kits: readonly string[]
  /** What of them it uses. */
  readonly kitUses: readonly KitUse[]
  /** `*.so` the code calls `require` for, sorted. */
  readonly natives: readonly string[]
  readonly warnings: readonly ProjectProblem[]
}

/** A file to compile, with all that it imports from the project. */
export interface ScriptEntry {
  /** Relative to the project folder. */
  readonly source: string
  /** Names the result: it will lie at `<key>.cjs`. */
  readonly key: string
  /** The text of a module to compile in place of the file, importing relative to the project folder. */
  readonly made?: string
}

/**
 * Compiles files of a project. The same project gives the same bytes, wherever it lies.
 *
 * @returns in the order of `entries`
 * @throws ProjectError with every error esbuild found
 */
export async function compileScripts(
  folder: ProjectFolder,
  entries: readonly ScriptEntry[],
  rules: ImportRules,
): Promise<CompiledScript[]> {
  if (entries.length === 0) return []
  using _compiler = startCompiler()
  try {
    const resolver = new ImportResolver(folder, rules, madeEntries(entries))
    const common = commonOptions(folder, entries)
    const sources = entries.map(({ source }) => source)
    const bundled = await bundle(common, resolver, folder, sources)
    return entries.map(({ key }) => scriptOf(key, bundled))
  } catch (error) {
    const [first, ...others] = isBuildFailure(error) ? distinct(error.errors.map(toProblem)) : []
    if (first === undefined) throw error
    throw new ProjectError(first, ...others)
  }
}

type Bundled = Pick<BuildResult<typeof always>, 'metafile' | 'outputFiles' | 'warnings'>

/**
 * Bundles with as few questions of esbuild as will do: it finds files and kits by itself, in half the time, and where that is not what
 * asking about every import gives, it asks. So the outcome is always the same.
 */
async function bundle(
  common: CommonOptions,
  resolver: ImportResolver,
  folder: ProjectFolder,
  sources: readonly string[],
): Promise<Bundled> {
  const folders = resolver.plainFolders(sources)
  const asking = (which: AskedImports): CommonOptions => ({
    ...common,
    plugins: [resolver.plugin(which, folders)],
  })
  const found =
    folders === undefined
      ? undefined
      : await build({ ...asking('names'), external: [...kitPatterns] }).catch(() => undefined)
  if (found === undefined || !(await importsAgree(found.metafile, resolver, folder.root)))
    return await build(asking('all'))
  const loadsInVain = found.outputFiles.some(
    ({ path, text }) => path.endsWith('.cjs') && loadsUnusedKits(text),
  )
  return loadsInVain ? await build(asking('kits')) : found
}

function scriptOf(key: string, bundled: Bundled): CompiledScript {
  const text = (end: string): string =>
    bundled.outputFiles.find(({ path }) => path.endsWith(`/${key}${end}`))?.text ?? ''
  const imports = new Set(bundled.metafile.outputs[`${key}.cjs`]?.imports.map(({ path }) => path))
  const [code, map] = [text('.cjs'), plainPath(text('.cjs.map'))]
  return {
    code,
    map,
    exports: exportedNames(code),
    kits: [...imports].filter(isKit).toSorted(),
    kitUses: kitUses(code, map),
    natives: [...imports].filter(isNative).toSorted(),
    warnings: bundled.warnings.map(toProblem),
  }
}

/** What makes the type of a result tell of both. */
const always = { metafile: true, write: false } as const

type CommonOptions = BuildOptions & typeof always

function commonOptions(folder: ProjectFolder, entries: readonly ScriptEntry[]): CommonOptions {
  return {
    ...always,
    entryPoints: entries.map(({ source, key, made }) => ({
      in: made === undefined ? source : madeEntry(key),
      out: key,
    })),
    absWorkingDir: folder.root,
    // Never written: gives the sources in the map paths relative to the project folder.
    outdir: '.',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    // An import may leave them out, in this order.
    resolveExtensions: [...sourceExtensions],
    platform: 'neutral',
    target: 'node20',
    // `import('@kit.X')` becomes a promise of what `require` gives: only that knows kits and native modules.
    supported: { 'dynamic-import': false },
    // Declarations hold types alone.
    loader: { '.ets': 'ts', '.d.ets': 'empty', '.d.ts': 'empty' },
    // As ArkTS has it: fields are assigned, decorators are TypeScript's own. Replaces any tsconfig.json of the project.
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true, useDefineForClassFields: false } },
    keepNames: true,
    sourcemap: 'linked',
    sourcesContent: true,
    charset: 'utf8',
    logLevel: 'silent',
  }
}

function madeEntries(entries: readonly ScriptEntry[]): Map<string, string> {
  const texts = new Map<string, string>()
  for (const { key, made } of entries) if (made !== undefined) texts.set(madeEntry(key), made)
  return texts
}

/** Two entries that import the same file find the same mistake in it. */
function distinct(problems: readonly ProjectProblem[]): ProjectProblem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()]
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors)
}

function toProblem(message: Message): ProjectProblem {
  const { location } = message
  const [reason, hint] = explain(message.text, message.notes[0]?.text ?? '')
  return {
    file: plainPath(location?.file ?? '.'),
    line: location?.line ?? 0,
    column: location === null ? 0 : location.column + 1,
    key: '',
    reason,
    hint,
  }
}

/** esbuild's words, put into the author's where they would not help. */
function explain(text: string, note: string): [reason: string, hint: string] {
  if (text.startsWith('Top-level await')) {
    return [
      'await outside of a function',
      'a module of an extension loads synchronously: await in onCreate instead',
    ]
  }
  return [text, note]
}
