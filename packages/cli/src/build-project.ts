import { type NativeBuild, buildNativeModules, openProjectSource, readProject } from '@vpnext/arkts'
import { explainingProblems } from './explaining-problems.ts'
import type { OnBuild } from './harmony-project.ts'

/**
 * Builds the native code of a project alone.
 *
 * @param path its folder, or a zip archive of it
 * @throws CliFailure as {@link explainingProblems}; with the compiler's messages at file and line
 */
export function buildProject(path: string, signal: AbortSignal, onBuild: OnBuild): Promise<NativeBuild[]> {
  return explainingProblems(path, async () => {
    await using source = await openProjectSource(path)
    return await buildNativeModules(await readProject(source.folder, { signal }), { signal, onBuild })
  })
}
