import type { BuildOptions, BuildResult } from 'esbuild'

import { madeEntry } from './import-names.ts'
import { sourceExtensions } from './source-files.ts'

/** A file to compile, with all that it imports from the project. */
export interface ScriptEntry {
  /** Relative to the project folder. */
  readonly source: string
  /** Names the result: it will lie at `<key>.cjs`. */
  readonly key: string
  /** The text of a module to compile in place of the file, importing relative to the project folder. */
  readonly made?: string
}

/** What makes the type of a result tell of both. */
const always = { metafile: true, write: false } as const

export type CommonOptions = BuildOptions & typeof always

/**
 * How all code is compiled.
 *
 * @param root the project folder, absolute
 */
export function commonOptions(root: string, entries: readonly ScriptEntry[]): CommonOptions {
  return {
    ...always,
    entryPoints: entries.map(({ source, key, made }) => ({
      in: made === undefined ? source : madeEntry(key),
      out: key,
    })),
    absWorkingDir: root,
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

/** What comes of a build. */
export type Bundled = Pick<BuildResult<typeof always>, 'metafile' | 'outputFiles' | 'warnings'>
