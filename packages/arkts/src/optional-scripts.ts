import { compileWithStages } from './ability-stage.ts'
import type { CompiledEntry } from './compile.ts'
import type { ImportRules } from './import-rules.ts'
import { ProjectError } from './project-error.ts'
import type { ProjectProblem } from './project-error.ts'
import type { ProjectFolder } from './project-folder.ts'
import type { CompiledScript } from './script.ts'
import type { ScriptEntry } from './build-options.ts'

/** What compiled, by its key, and what is wrong with the others. */
export interface OptionalScripts {
  readonly entries: ReadonlyMap<string, CompiledEntry>
  readonly problems: readonly ProjectProblem[]
}

/**
 * Compiles files of which none has to compile: what is wrong with one keeps it away, and nothing else.
 *
 * @param complete finds the export that is wanted of a file; may throw ProjectError
 */
export async function compileOptional(
  folder: ProjectFolder,
  wanted: readonly ScriptEntry[],
  rules: ImportRules,
  complete: (script: CompiledScript, source: string) => CompiledEntry | Promise<CompiledEntry>,
): Promise<OptionalScripts> {
  const entries = new Map<string, CompiledEntry>()
  const problems: ProjectProblem[] = []
  const compile = async (some: readonly ScriptEntry[]): Promise<void> => {
    try {
      const { scripts, problems: left } = await compileWithStages(folder, some, rules)
      problems.push(...left)
      for (const [index, { key, source }] of some.entries()) {
        const script = scripts[index]
        if (script !== undefined) entries.set(key, await complete(script, source))
      }
    } catch (error) {
      if (!(error instanceof ProjectError)) throw error
      // Together they are quick; apart they tell which of them it is.
      if (some.length > 1) for (const each of some) await compile([each])
      else problems.push(...error.problems)
    }
  }
  await compile(wanted)
  return { entries, problems }
}
