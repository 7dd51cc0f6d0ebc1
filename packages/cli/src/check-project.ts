import {
  LinterError,
  type StrictnessReport,
  checkStrictness,
  openProjectSource,
  readProject,
} from '@vpnext/arkts'
import { CliFailure } from './cli-failure.ts'
import { exitCodes } from './exit-codes.ts'
import { explainingProblems } from './explaining-problems.ts'
import { kitDeclarations } from './kit-declarations.ts'

/**
 * Holds a project against ArkTS's rules.
 *
 * @param path its folder, or a zip archive of it
 * @param linter the folder of `ohos-typescript`, when it is not where `npm ci` puts it
 * @throws CliFailure as {@link explainingProblems}; exit code 7 when the linter is not there
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
