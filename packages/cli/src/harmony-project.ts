import {
  type CompiledProject,
  type HeadStart,
  type NativeParts,
  type Project,
  compileProject,
  describeProblem,
  openProjectSource,
  readProject,
  startCompiler,
} from '@vpnext/arkts'
import { explainingProblems } from './explaining-problems.ts'
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
  options: {
    readonly onBuild?: OnBuild
    readonly allowMissing?: boolean
    /** What was begun before. */
    readonly headStart?: HeadStart
    /** Called when there is nothing to do but to wait. */
    readonly meanwhile?: () => void
  } = {},
): Promise<CompiledArchive> {
  return explainingProblems(path, async () => {
    using _compiler = startCompiler()
    await using source = await openProjectSource(path)
    const project = await readProject(source.folder, { signal })
    const compiled = await compileProject(project, {
      signal,
      pages: true,
      tests: true,
      leaveAbsentPackages: options.allowMissing === true,
      ...(options.headStart !== undefined && { headStart: options.headStart }),
      meanwhile: () => {
        void import('./install/after-compiling.ts')
        options.meanwhile?.()
      },
    })
    const { calledNatives, packBundle, prepareNativeModules } = await import('./install/after-compiling.ts')
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
