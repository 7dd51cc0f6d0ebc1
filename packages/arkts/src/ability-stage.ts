import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { stageExport } from '@vpnext/service/protocol'

import { ArkuiScanner } from './arkui-scanner.ts'
import type { ImportRules } from './import-rules.ts'
import { ProjectError, fileProblem } from './project-error.ts'
import type { ProjectProblem } from './project-error.ts'
import type { ProjectFolder } from './project-folder.ts'
import type { ProjectAbility, ProjectModule } from './project-module.ts'
import { compileScripts } from './script.ts'
import type { CompiledScript } from './script.ts'
import type { ScriptEntry } from './build-options.ts'

/**
 * The scripts of a module's abilities, which bring the module's AbilityStage along; the host runs it before them. They are one script,
 * so that they share what their files hold.
 *
 * @param wanted abilities of the module
 * @throws ProjectError when the AbilityStage has no such class
 */
export async function abilityEntries(
  folder: ProjectFolder,
  module: ProjectModule,
  wanted: (ability: ProjectAbility) => boolean,
): Promise<ScriptEntry[]> {
  const entries = module.abilities.filter(wanted).map(({ source, name }) => ({ source, key: name }))
  const { stage } = module
  if (stage === undefined || entries.length === 0) return entries
  const stageClass = classOf(await readFile(join(folder.root, stage), 'utf8'))
  if (stageClass === undefined) {
    throw new ProjectError(fileProblem(stage, 'exports no class that extends AbilityStage'))
  }
  return await Promise.all(
    entries.map(async (entry) => {
      const text = await readFile(join(folder.root, entry.source), 'utf8')
      const from = JSON.stringify(`./${entry.source}`)
      const lines = [
        `export { ${stageClass} as ${stageExport} } from ${JSON.stringify(`./${stage}`)}`,
        `export * from ${from}`,
        ...(hasDefaultExport(text) ? [`export { default } from ${from}`] : []),
      ]
      return { ...entry, made: lines.join('\n') }
    }),
  )
}

function classOf(text: string): string | undefined {
  if (hasDefaultExport(text)) return 'default'
  return /\bexport\s+class\s+([\w$]+)\s+extends\b/.exec(text)?.[1]
}

/**
 * Compiles as {@link compileScripts}; where an AbilityStage keeps that from succeeding, the abilities run without.
 *
 * @returns `problems`: why stages were left out
 */
export async function compileWithStages(
  folder: ProjectFolder,
  entries: readonly ScriptEntry[],
  rules: ImportRules,
): Promise<{ readonly scripts: readonly CompiledScript[]; readonly problems: readonly ProjectProblem[] }> {
  try {
    return { scripts: await compileScripts(folder, entries, rules), problems: [] }
  } catch (error) {
    const staged = entries.filter(({ made }) => made !== undefined)
    if (!(error instanceof ProjectError) || staged.length === 0) throw error
    const plain = entries.map(({ source, key }) => ({ source, key }))
    const scripts = await compileScripts(folder, plain, rules)
    const leftOut = staged.map(({ source }) => fileProblem(source, 'runs without its module’s AbilityStage'))
    return { scripts, problems: [...leftOut, ...error.problems] }
  }
}

/** Whether a file exports something as `default`; what stands in comments and texts does not count. */
export function hasDefaultExport(text: string): boolean {
  const scanner = new ArkuiScanner(text)
  let before = ''
  for (let token = scanner.next(); token.kind !== 'end'; token = scanner.next()) {
    if (token.kind === 'word' && token.text === 'default') {
      if (before === 'export' || before === 'as') return true
      if ((before === '{' || before === ',') && ['}', ','].includes(scanner.peek().text)) return true
    }
    before = token.text
  }
  return false
}
