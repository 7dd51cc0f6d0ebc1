import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { stageExport } from '@vpnext/service/protocol'

import { abilityEntries, compileWithStages } from './ability-stage.ts'
import { buildProfiles } from './build-profile-module.ts'
import { whyNoAbility } from './exported-class.ts'
import { harModulesOf } from './har-modules.ts'
import type { HeadStart } from './head-start.ts'
import { ProjectError, distinctProblems, fileProblem } from './project-error.ts'
import { appResources } from './project.ts'
import type { ProjectProblem } from './project-error.ts'
import { PackedLibraries } from './packed-libraries.ts'
import { ProjectFolder } from './project-folder.ts'
import type { ProjectAbility } from './project-module.ts'
import type { Project } from './project.ts'
import { readAppResourceFiles, readLibraryResourceFiles, readResourceFiles } from './resource-files.ts'
import { compileOptional } from './optional-scripts.ts'
import type { ScriptEntry } from './build-options.ts'
import { readRuntimeImports } from './runtime-imports.ts'
import type { CompiledScript } from './script.ts'
import { readStandIns } from './native/vpnext-config.ts'
import { workerEntries } from './worker-scripts.ts'
import { readTestModules } from './test-module.ts'
import type { TestModule } from './test-module.ts'

/** A project with its code compiled and its resources read: all that a bundle archive holds. */
export interface CompiledProject {
  readonly project: Project
  /** By ability name; only extensions of type `vpn` have one. */
  readonly entries: ReadonlyMap<string, CompiledEntry>
  /** The classes of pages, by ability name; empty unless asked for. What they show is not compiled. */
  readonly pages: ReadonlyMap<string, CompiledEntry>
  /** Abilities that are listed but cannot run: extensions of other types, and pages that were not asked for or do not compile. */
  readonly notCompiled: readonly string[]
  /** Scripts of threads that `worker.ThreadWorker` begins, by their keys; what does not compile is a warning. */
  readonly workers: ReadonlyMap<string, CompiledScript>
  /** Suites of tests by the name of the module they test; empty unless asked for. */
  readonly tests: ReadonlyMap<string, CompiledEntry>
  /** Path below the bundle's resources to bytes. */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** `@kit.*` and `@ohos.*` modules the code needs, sorted. */
  readonly kits: readonly string[]
  /** `lib*.so` modules the code needs, sorted: each needs a build for Linux, or the extension cannot run. */
  readonly natives: readonly string[]
  readonly warnings: readonly ProjectProblem[]
}

/** The compiled module of one extension. */
export interface CompiledEntry extends CompiledScript {
  /** The export that holds the class; of a suite of tests, the function that declares it. */
  readonly exportName: string
}

export interface CompileOptions {
  /** Compiles `src/ohosTest` of each module too. What does not compile there is a warning: the extensions run without. */
  readonly tests?: boolean
  /** Compiles the classes of pages too, as {@link tests}. */
  readonly pages?: boolean
  /** Packages from outside the project for those that it has not, by name: absolute folders. */
  readonly packages?: ReadonlyMap<string, string>
  /** Imports of packages that are nowhere are warnings, and fail where they are used. */
  readonly leaveAbsentPackages?: boolean
  /** Called, perhaps more than once, when there is nothing to do but to wait: what follows may be prepared then. */
  readonly meanwhile?: () => void
  /** What was begun before the project was read. */
  readonly headStart?: HeadStart
  /** Looked at between the parts. */
  readonly signal?: AbortSignal
}

/**
 * Compiles every VPN extension of a project. Nothing of it is run, nothing is written.
 *
 * @throws ProjectError naming file, line and column of what does not compile
 * @throws the signal's reason when it aborts
 */
export async function compileProject(
  project: Project,
  options: CompileOptions = {},
): Promise<CompiledProject> {
  const folder = await ProjectFolder.open(project.folder)
  const abilities = project.modules.flatMap((module) => module.abilities)
  const entriesOf = async (wanted: (ability: ProjectAbility) => boolean): Promise<ScriptEntry[]> =>
    (await Promise.all(project.modules.map((module) => abilityEntries(folder, module, wanted)))).flat()
  const extensions = await entriesOf(({ type }) => type === 'vpn')
  const tests = options.tests === true ? await readTestModules(folder, project) : []
  const pages = options.pages === true ? await entriesOf(({ kind }) => kind === 'page') : []
  await using packed = new PackedLibraries(folder)
  const runtimeImports = await readRuntimeImports(folder, project)
  const rules = {
    packed,
    runtimeImports: runtimeImports.of,
    modules: project.modules,
    buildProfile: await buildProfiles(folder, project),
    standIns: (await readStandIns(folder)).packages,
    ...(options.meanwhile !== undefined && { meanwhile: options.meanwhile }),
    ...(options.packages !== undefined && { packages: options.packages }),
    ...(options.leaveAbsentPackages === true && { absentPackages: 'leave' as const }),
  }
  const workers = await workerEntries(folder, project)
  options.signal?.throwIfAborted()
  const [{ scripts, problems }, files, pageScripts, suiteScripts, workerScripts] = await Promise.all([
    compileWithStages(folder, extensions, {
      ...rules,
      ...(options.headStart !== undefined && { headStart: options.headStart }),
    }),
    readFiles(folder, project, tests),
    compileOptional(folder, pages, rules, (script, source) => withClass(folder, source, 'UIAbility', script)),
    compileOptional(folder, tests, rules, (script, source) => withSuite(source, script)),
    compileOptional(folder, workers.entries, rules, (script) => ({ ...script, exportName: 'default' })),
  ])
  options.signal?.throwIfAborted()
  const entries = new Map<string, CompiledEntry>()
  for (const [index, { key, source }] of extensions.entries()) {
    const script = scripts[index]
    if (script !== undefined) entries.set(key, withClass(folder, source, 'VpnExtensionAbility', script))
  }
  const suites = tests.flatMap(({ module, key }): [string, CompiledEntry][] => {
    const suite = suiteScripts.entries.get(key)
    return suite === undefined ? [] : [[module, suite]]
  })
  const compiled = [entries, pageScripts.entries, workerScripts.entries, suiteScripts.entries].flatMap(
    (some) => [...some.values()],
  )
  return {
    project,
    entries,
    pages: pageScripts.entries,
    notCompiled: abilities
      .map(({ name }) => name)
      .filter((name) => !entries.has(name) && !pageScripts.entries.has(name)),
    workers: workerScripts.entries,
    tests: new Map(suites),
    files,
    kits: union(compiled.map((script) => script.kits)),
    natives: union(compiled.map((script) => script.natives)),
    warnings: distinctProblems([
      ...project.warnings,
      ...compiled.flatMap((script) => script.warnings),
      ...problems,
      ...pageScripts.problems,
      ...suiteScripts.problems,
      ...runtimeImports.problems,
      ...workers.problems,
      ...workerScripts.problems,
    ]),
  }
}

/** Resources of the app, of each module with those of its libraries below its own, and of tests. */
async function readFiles(
  folder: ProjectFolder,
  { modules }: Project,
  tests: readonly TestModule[],
): Promise<Map<string, Uint8Array>> {
  const parts = [await readAppResourceFiles(folder, appResources)]
  for (const module of modules) {
    if (module.type === 'har' && !tests.some((each) => each.module === module.name)) continue
    for (const { name, target } of await harModulesOf(folder, modules, module))
      parts.push(await readLibraryResourceFiles(folder, { name, resources: target.resources }, module.name))
    parts.push(await readResourceFiles(folder, module.name, module.target.resources))
  }
  for (const { module, path } of tests)
    parts.push(await readResourceFiles(folder, module, [`${path}/resources`]))
  return new Map(parts.flatMap((part) => [...part]))
}

function withClass(
  folder: ProjectFolder,
  source: string,
  base: 'VpnExtensionAbility' | 'UIAbility',
  script: CompiledScript,
): CompiledEntry {
  const text = readFileSync(join(folder.root, source), 'utf8')
  const exports = script.exports.filter((name) => name !== stageExport)
  const exportName = findExport(exports, text, base)
  const kit = base === 'UIAbility' ? '@kit.AbilityKit' : '@kit.NetworkKit'
  const hint = `write: export default class My${base} extends ${base}, of ${kit}`
  if (exportName === undefined)
    throw new ProjectError(fileProblem(source, `exports no class that extends ${base}`, hint))
  const found = whyNoAbility(script.code, exportName, base)
  if (found === undefined) return { ...script, exportName }
  const reason = `its export ${exportName} is ${found}, and no class that extends ${base}`
  throw new ProjectError({ ...fileProblem(source, reason, hint), line: lineOfExport(text) })
}

/** 0 where it is not found. */
function lineOfExport(text: string): number {
  const at = text.search(/\bexport\s+(?:default\b|\{)/)
  return at < 0 ? 0 : text.slice(0, at).split('\n').length
}

function withSuite(source: string, script: CompiledScript): CompiledEntry {
  const exportName = script.exports.includes('default') ? 'default' : script.exports[0]
  if (exportName !== undefined) return { ...script, exportName }
  throw new ProjectError(fileProblem(source, 'exports no function that declares the tests'))
}

/** `default` as on HarmonyOS; else the first class the file declares as one of `base`; else the only export. */
function findExport(exports: readonly string[], source: string, base: string): string | undefined {
  if (exports.includes('default')) return 'default'
  for (const [, name] of source.matchAll(new RegExp(`\\bclass\\s+([\\w$]+)\\s+extends\\s+${base}\\b`, 'g'))) {
    if (name !== undefined && exports.includes(name)) return name
  }
  return exports.length === 1 ? exports[0] : undefined
}

function union(lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())].toSorted()
}
