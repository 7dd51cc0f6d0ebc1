import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

import * as z from 'zod/mini'

/** The package that holds the compiler of OpenHarmony, whose linter enforces ArkTS's rules. */
const linterPackage = 'ohos-typescript'

/**
 * Where `npm ci` puts it. A folder of its own, since it has a program `tsc` as TypeScript has: beside that, npm would have the one
 * take the other's place.
 */
const linterFolder = fileURLToPath(new URL('../../linter', import.meta.url))

/** The linter cannot be had, or is another program. Nothing else of vpnext needs it. */
export class LinterError extends Error {
  override readonly name = 'LinterError'
  /** What to do about it; `''` when the message says it all. */
  readonly hint: string

  constructor(message: string, hint = '') {
    super(message)
    this.hint = hint
  }
}

/** A message of the compiler: a text, or a text with those that led to it. */
export type MessageText = string | { readonly messageText: string }

/** What the compiler finds, at `start` in the text of `file`. */
export interface CompilerDiagnostic {
  readonly file?: CompilerFile | undefined
  readonly start?: number | undefined
  /** 1: error, 0: warning. */
  readonly category: number
  readonly code: number
  readonly messageText: MessageText
}

export interface CompilerFile {
  readonly fileName: string
  getLineAndCharacterOfPosition(position: number): { readonly line: number; readonly character: number }
}

/** The compiler's view of files on a disk. */
export interface CompilerHost {
  readFile: (path: string) => string | undefined
  fileExists: (path: string) => boolean
  resolveModuleNames?: (
    names: readonly string[],
    importer: string,
  ) => ({ resolvedFileName: string } | undefined)[]
}

interface CompilerProgram {
  getSourceFile(path: string): CompilerFile | undefined
  getSyntacticDiagnostics(file: CompilerFile): readonly CompilerDiagnostic[]
  getSemanticDiagnostics(file: CompilerFile): readonly CompilerDiagnostic[]
}

export interface CompilerBuilder {
  getProgram(): CompilerProgram
}

/** What of `ohos-typescript` is used. Declared here, so that neither the compiler nor its declarations are needed to build vpnext. */
export interface Compiler {
  createIncrementalCompilerHost(options: object): CompilerHost
  createIncrementalProgram(parts: {
    rootNames: readonly string[]
    options: object
    host: CompilerHost
  }): CompilerBuilder
  preProcessFile(
    text: string,
    readImportFiles: boolean,
    detectJavaScriptImports: boolean,
  ): { readonly importedFiles: readonly { readonly fileName: string }[] }
  readonly ScriptTarget: { readonly ES2021: number }
  readonly ModuleKind: { readonly ESNext: number }
  readonly ModuleResolutionKind: { readonly NodeJs: number }
  readonly ArkTSLinter_1_1: {
    runArkTSLinter(
      builder: CompilerBuilder,
      file: undefined,
      write: undefined,
      version: string,
    ): readonly CompilerDiagnostic[]
  }
}

/** The linter, and which. */
export interface Linter {
  readonly compiler: Compiler
  readonly version: string
}

/**
 * Loads the linter, which takes a second and some 100 MB: only where it is asked for.
 *
 * @param folder of the package; without it, the one that `npm ci` has put into `linter` of this package
 * @throws LinterError when there is none there
 */
export function loadLinter(folder?: string): Linter {
  const place = folder ?? join(linterFolder, 'node_modules', linterPackage)
  const version = versionOf(place)
  if (version === undefined) {
    throw folder === undefined
      ? new LinterError(
          `${linterPackage} is not there`,
          `fetch it (39 MB):  npm ci --ignore-scripts --prefix ${linterFolder}`,
        )
      : new LinterError(`${folder} is not the package ${linterPackage}`)
  }
  const loaded: unknown = createRequire(import.meta.url)(resolve(place))
  if (!isCompiler(loaded)) throw new LinterError(`${linterPackage} ${version} has no linter`, 'take 4.9.5-r9')
  return { compiler: loaded, version }
}

const description = z.object({ name: z.literal(linterPackage), version: z.string() })

/** @returns undefined when the folder does not hold the package */
function versionOf(folder: string): string | undefined {
  try {
    return description.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).version
  } catch {
    return undefined
  }
}

function isCompiler(value: unknown): value is Compiler {
  return (
    typeof value === 'object' &&
    value !== null &&
    'createIncrementalProgram' in value &&
    'ArkTSLinter_1_1' in value
  )
}
