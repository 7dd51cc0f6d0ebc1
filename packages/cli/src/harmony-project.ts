import { existsSync } from 'node:fs'
import {
  type CompiledProject,
  LinterError,
  type NativeBuild,
  type NativeParts,
  type Project,
  ProjectError,
  type StrictnessReport,
  buildNativeModules,
  calledNatives,
  checkStrictness,
  compileProject,
  describeProblem,
  openProjectSource,
  packBundle,
  prepareNativeModules,
  readProject,
} from '@vpnext/arkts'
import { exitCodes } from './exit-codes.ts'
import { CliFailure } from './failure.ts'
import { kitDeclarations } from './kit-declarations.ts'
import { visible } from './text/visible.ts'

/**
 * Reads a HarmonyOS project folder.
 *
 * @throws CliFailure naming file, line and key of what is wrong; exit code 5 when there is no such folder
 */
export function openProject(folder: string, signal: AbortSignal): Promise<Project> {
  return explainingProblems(folder, () => readProject(folder, { signal }))
}

/** A compiled project, and the archive of it that a service installs. */
export interface CompiledArchive {
  readonly compiled: CompiledProject
  readonly native: NativeParts
  readonly archive: Uint8Array
  /** A line for each thing that keeps nothing from running but is worth knowing, e.g. tests that do not compile. */
  readonly warnings: readonly string[]
}

/** Hears which module's native code is about to be built, which takes a while. */
export type OnBuild = (moduleName: string) => void

/**
 * Compiles a project, and builds its native code where that has changed.
 *
 * @param path its folder, or a zip archive of it
 * @throws CliFailure as {@link openProject}
 */
export function compileArchive(
  path: string,
  signal: AbortSignal,
  options: { readonly onBuild?: OnBuild; readonly allowMissing?: boolean } = {},
): Promise<CompiledArchive> {
  return explainingProblems(path, async () => {
    await using source = await openProjectSource(path)
    const project = await readProject(source.folder, { signal })
    const compiled = await compileProject(project, {
      signal,
      pages: true,
      tests: true,
      leaveAbsentPackages: options.allowMissing === true,
    })
    const scripts = [...compiled.entries.values()]
    // What they load by a call they may do without: a failure is theirs to catch.
    const called = scripts.flatMap(({ code }) => calledNatives(code))
    const wanted = [...new Set([...importedNatives(compiled), ...called])]
    const native = await prepareNativeModules(project, wanted, {
      signal,
      // What only pages show is not worth a failure.
      tolerant: wanted.length === 0 || options.allowMissing === true,
      ...(options.onBuild !== undefined && { onBuild: options.onBuild }),
    })
    const warnings = compiled.warnings.map((problem) => visible(describeProblem(problem)))
    return { compiled, native, archive: packBundle(compiled, native), warnings }
  })
}

/** The native modules that the extensions of a project import; what pages do without is none of theirs. */
export function importedNatives({ entries }: Pick<CompiledProject, 'entries'>): string[] {
  return [...new Set([...entries.values()].flatMap(({ natives }) => natives))].toSorted()
}

/**
 * Builds the native code of a project alone.
 *
 * @param path its folder, or a zip archive of it
 * @throws CliFailure as {@link openProject}; with the compiler's messages at file and line
 */
export function buildProject(path: string, signal: AbortSignal, onBuild: OnBuild): Promise<NativeBuild[]> {
  return explainingProblems(path, async () => {
    await using source = await openProjectSource(path)
    return await buildNativeModules(await readProject(source.folder, { signal }), { signal, onBuild })
  })
}

/**
 * Holds a project against ArkTS's rules.
 *
 * @param path its folder, or a zip archive of it
 * @param linter the folder of `ohos-typescript`, when it is not where `npm ci` puts it
 * @throws CliFailure as {@link openProject}; exit code 7 when the linter is not there
 */
export function checkProject(path: string, signal: AbortSignal, linter?: string): Promise<StrictnessReport> {
  return explainingProblems(path, async () => {
    await using source = await openProjectSource(path)
    const project = await readProject(source.folder, { signal })
    try {
      return await checkStrictness(project, {
        declarations: kitDeclarations(),
        signal,
        ...(linter !== undefined && { linter }),
      })
    } catch (error) {
      if (!(error instanceof LinterError)) throw error
      const { message, hint } = error
      throw new CliFailure(
        exitCodes.unsupported,
        `this needs ArkTS’s linter, which vpnext does without otherwise: ${message}`,
        {
          ...(hint !== '' && { hint }),
          cause: error,
        },
      )
    }
  })
}

async function explainingProblems<T>(path: string, action: () => Promise<T>): Promise<T> {
  if (!existsSync(path)) throw new CliFailure(exitCodes.notFound, `there is no folder or file ${path}`)
  try {
    return await action()
  } catch (error) {
    if (!(error instanceof ProjectError)) throw error
    const lines = error.problems.map((problem) => visible(describeProblem(problem)))
    const text = lines.length === 1 ? lines : [`${lines.length} problems in ${path}:`, ...lines]
    throw new CliFailure(exitCodes.failure, text.join('\n  '), {
      details: { problems: error.problems },
      cause: error,
    })
  }
}
