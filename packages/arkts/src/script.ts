import { join } from 'node:path'

import { build } from 'esbuild'
import type { BuildFailure, Message } from 'esbuild'

import { commonOptions } from './build-options.ts'
import type { Bundled, CommonOptions, ScriptEntry } from './build-options.ts'
import { startCompiler } from './compiler-process.ts'
import { exportedNames } from './exported-names.ts'
import { importsAgree } from './import-agreement.ts'
import type { HeadStart } from './head-start.ts'
import { isKit, isNative, isReadByEsbuild, kitPatterns, madeEntry, plainPath } from './import-names.ts'
import { ImportResolver } from './import-rules.ts'
import type { ImportRules } from './import-rules.ts'
import { importsPlugin, scripts } from './imports-plugin.ts'
import type { AskedImports } from './imports-plugin.ts'
import { namesInputMap } from './input-maps.ts'
import { kitUses, loadsUnusedKits } from './kit-uses.ts'
import type { KitUse } from './kit-uses.ts'
import { outsideInputs } from './outside-inputs.ts'
import { ProjectError, distinctProblems } from './project-error.ts'
import type { ProjectProblem } from './project-error.ts'
import type { ProjectFolder } from './project-folder.ts'
import { unusedImports } from './unused-imports.ts'

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
    const common = commonOptions(folder.root, entries)
    const bundled = await bundle(common, resolver, folder, entries, rules.headStart)
    const [outside, ...more] = outsideInputs(bundled.metafile, resolver, folder.root)
    if (outside !== undefined) throw new ProjectError(outside, ...more)
    const unused = unusedImports(folder, resolver.files, Object.keys(bundled.metafile.inputs))
    return entries.map(({ key }) => scriptOf(key, bundled, unused))
  } catch (error) {
    const [first, ...others] = isBuildFailure(error) ? distinctProblems(error.errors.map(toProblem)) : []
    if (first === undefined) throw error
    throw new ProjectError(first, ...others)
  }
}

/**
 * Bundles with as few questions of esbuild as will do: it finds files and kits by itself, in half the time, and where that is not what
 * asking about every import gives, it asks. So the outcome is always the same.
 */
async function bundle(
  common: CommonOptions,
  resolver: ImportResolver,
  folder: ProjectFolder,
  entries: readonly ScriptEntry[],
  headStart: HeadStart | undefined,
): Promise<Bundled> {
  const sources = entries.map(({ source }) => source)
  const folders = resolver.files.plainFolders(folder.root, sources)
  const asking = (which: AskedImports): CommonOptions => ({
    ...common,
    plugins: [importsPlugin(which, Promise.resolve(resolver.answers(which, folders)))],
  })
  const begin = (): Promise<Bundled | undefined> =>
    build({ ...asking('names'), external: [...kitPatterns] }).catch(() => undefined)
  const found =
    folders === undefined
      ? undefined
      : await (headStart?.take(folder.root, entries, resolver.answers('names', folders)) ?? begin())
  if (
    found === undefined ||
    !(await importsAgree(found.metafile, resolver, folder.root)) ||
    nameInputMaps(Object.keys(found.metafile.inputs), resolver, folder.root)
  ) {
    return await build(asking('all'))
  }
  const loadsInVain = found.outputFiles.some(
    ({ path, text }) => path.endsWith('.cjs') && loadsUnusedKits(text),
  )
  return loadsInVain ? await build(asking('kits')) : found
}

/** What esbuild reads by itself goes with the source maps it names. */
function nameInputMaps(inputs: readonly string[], { files }: ImportResolver, root: string): boolean {
  return inputs.some(
    (input) =>
      isReadByEsbuild(input) && scripts.test(input) && namesInputMap(files.textOf(join(root, input))),
  )
}

function scriptOf(key: string, bundled: Bundled, unused: readonly ProjectProblem[]): CompiledScript {
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
    warnings: [...bundled.warnings.map(toProblem), ...unused],
  }
}

function madeEntries(entries: readonly ScriptEntry[]): Map<string, string> {
  const texts = new Map<string, string>()
  for (const { key, made } of entries) if (made !== undefined) texts.set(madeEntry(key), made)
  return texts
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
    // A place that is a file alone has line 0.
    column: location === null || location.line === 0 ? 0 : location.column + 1,
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
