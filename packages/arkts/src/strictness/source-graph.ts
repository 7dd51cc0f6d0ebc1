import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

import { isKit } from '../import-names.ts'
import type { ProjectFolder } from '../project-folder.ts'
import type { ProjectModule } from '../project-module.ts'
import { ProjectPackages } from '../project-packages.ts'
import { SourceFiles } from '../source-files.ts'
import type { Compiler } from './linter.ts'

/** The code of a project: every file of its modules, those that they import, and what each import means. */
export interface SourceGraph {
  /** Absolute paths. */
  readonly files: readonly string[]
  /** The file that an import means; undefined for a kit, and for what is not there. */
  target(specifier: string, importer: string): string | undefined
}

/**
 * Looks through the code of a project. Nothing of it is run.
 *
 * @param modules whose `src/main/ets` are the beginning
 * @throws ProjectError for an `oh-package.json5` that is not as it should be
 * @throws the signal's reason when it aborts
 */
export async function readSourceGraph(
  folder: ProjectFolder,
  modules: readonly ProjectModule[],
  compiler: Pick<Compiler, 'preProcessFile'>,
  signal?: AbortSignal,
): Promise<SourceGraph> {
  const sources = new SourceFiles()
  const packages = new ProjectPackages(folder, sources, { modules })
  const targets = new Map<string, string>()
  const files = new Set<string>()
  const waiting = (
    await Promise.all(
      modules
        .flatMap(({ path, target }) => [`${path}/src/main/ets`, ...target.sourceRoots])
        .map((path) => codeFilesIn(join(folder.root, path))),
    )
  ).flat()
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    signal?.throwIfAborted()
    if (files.has(file)) continue
    files.add(file)
    for (const { fileName } of compiler.preProcessFile(readFileSync(file, 'utf8'), true, false)
      .importedFiles) {
      const found = await targetOf(fileName, file, { sources, packages })
      const real = found === undefined ? undefined : sources.real(found)
      if (real === undefined || !folder.holds(real) || !isCode(real)) continue
      targets.set(keyOf(fileName, file), real)
      waiting.push(real)
    }
  }
  return {
    files: [...files].toSorted(),
    target: (specifier, importer) => targets.get(keyOf(specifier, importer)),
  }
}

async function targetOf(
  specifier: string,
  importer: string,
  { sources, packages }: { sources: SourceFiles; packages: ProjectPackages },
): Promise<string | undefined> {
  if (isKit(specifier) || basename(specifier) === 'BuildProfile') return undefined
  if (/^\.\.?(\/|$)/.test(specifier)) return sources.find(join(dirname(importer), specifier))
  // Types of a native module are a package too: `"libentry.so": "file:./src/main/cpp/types/libentry"`.
  const found = await packages.find(specifier, importer)
  return found.kind === 'refused' ? undefined : found.path
}

async function codeFilesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile() && isCode(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}

function isCode(path: string): boolean {
  return /\.e?ts$/.test(path)
}

function keyOf(specifier: string, importer: string): string {
  return `${specifier}\n${importer}`
}
