import { build, stop } from 'esbuild'
import type { BuildFailure, BuildOptions, Message } from 'esbuild'

import { importRules, isKit, isNative } from './import-rules.ts'
import { ProjectError } from './project-error.ts'
import type { ProjectProblem } from './project-error.ts'
import type { ProjectFolder } from './project-folder.ts'

/** One entry of the project as CommonJS. */
export interface CompiledScript {
  /** Ends in `//# sourceMappingURL=<key>.cjs.map`. */
  readonly code: string
  /** Source map (version 3) with the sources' text; their paths are relative to the project folder. */
  readonly map: string
  /** Names the entry exports, sorted. */
  readonly exports: readonly string[]
  /** Kits the code calls `require` for, sorted; imports of types alone are gone. */
  readonly kits: readonly string[]
  /** `*.so` the code calls `require` for, sorted. */
  readonly natives: readonly string[]
  readonly warnings: readonly ProjectProblem[]
}

/** Builds that use esbuild's process now: the last one ends it, so that nothing outlives a compilation. */
let running = 0

/**
 * Compiles one file and what it imports from the project. The same project gives the same bytes, wherever it lies.
 *
 * @param source relative to the project folder
 * @param key names the result: it will lie at `<key>.cjs`
 * @throws ProjectError with every error esbuild found
 */
export async function compileScript(
  folder: ProjectFolder,
  source: string,
  key: string,
): Promise<CompiledScript> {
  running++
  try {
    const common = commonOptions(folder, source, key)
    // The list of exports is only told for ECMAScript modules; the host loads CommonJS.
    const commonJs = await build({ ...common, format: 'cjs' })
    const module = await build({ ...common, format: 'esm' })
    const imports = new Set(outputOf(commonJs.metafile.outputs).imports.map((each) => each.path))
    const text = (end: string): string =>
      commonJs.outputFiles.find(({ path }) => path.endsWith(end))?.text ?? ''
    return {
      code: text('.cjs'),
      map: text('.cjs.map'),
      exports: outputOf(module.metafile.outputs).exports.toSorted(),
      kits: [...imports].filter(isKit).toSorted(),
      natives: [...imports].filter(isNative).toSorted(),
      warnings: commonJs.warnings.map(toProblem),
    }
  } catch (error) {
    const [first, ...others] = isBuildFailure(error) ? error.errors.map(toProblem) : []
    if (first === undefined) throw error
    throw new ProjectError(first, ...others)
  } finally {
    running--
    if (running === 0) await stop()
  }
}

function commonOptions(
  folder: ProjectFolder,
  source: string,
  key: string,
): BuildOptions & { metafile: true; write: false } {
  return {
    entryPoints: [`./${source}`],
    absWorkingDir: folder.root,
    // Never written: gives the sources in the map paths relative to the project folder.
    outfile: `${key}.cjs`,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'neutral',
    target: 'node20',
    loader: { '.ets': 'ts' },
    resolveExtensions: ['.ets', '.ts', '.js', '.json'],
    // As ArkTS has it: fields are assigned, decorators are TypeScript's own. Replaces any tsconfig.json of the project.
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true, useDefineForClassFields: false } },
    keepNames: true,
    sourcemap: 'linked',
    sourcesContent: true,
    charset: 'utf8',
    logLevel: 'silent',
    plugins: [importRules(folder)],
  }
}

function outputOf<T>(outputs: Record<string, T>): T {
  const found = Object.entries(outputs).find(([path]) => path.endsWith('.cjs'))?.[1]
  if (found === undefined) throw new Error('esbuild told of no output')
  return found
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors)
}

function toProblem(message: Message): ProjectProblem {
  const { location } = message
  const [reason, hint] = explain(message.text, location?.lineText ?? '')
  return {
    file: location?.file ?? '.',
    line: location?.line ?? 0,
    column: location === null ? 0 : location.column + 1,
    key: '',
    reason,
    hint,
  }
}

/** esbuild's words, put into the author's where they would not help. */
function explain(text: string, line: string): [reason: string, hint: string] {
  if (text.startsWith('Top-level await')) {
    return [
      'await outside of a function',
      'a module of an extension loads synchronously: await in onCreate instead',
    ]
  }
  if (/^\s*(@\w+\s+)*(export\s+)?(default\s+)?struct\s/.test(line)) {
    return [
      'a page (struct) cannot be compiled yet',
      'move what the extension needs into a file without a page',
    ]
  }
  return [text, '']
}
