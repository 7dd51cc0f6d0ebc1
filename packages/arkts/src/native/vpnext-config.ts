import { errorText } from '@vpnext/native'
import { transformSync } from 'esbuild'
import JSON5 from 'json5'
import * as z from 'zod/mini'

import { ProjectError, fileProblem } from '../project-error.ts'
import type { ProjectFolder } from '../project-folder.ts'

/** Its name, beside AppScope. */
const configName = 'vpnext.config.ts'

const files = z._default(z.record(z.string(), z.string().check(z.minLength(1))), {})
const configFile = z.strictObject({ nativeModules: files, packages: files })

/** What stands in for what, by its name: a file relative to the project folder, which exists. */
export interface StandIns {
  readonly nativeModules: ReadonlyMap<string, string>
  readonly packages: ReadonlyMap<string, string>
}

/** What names may be. */
const names: Readonly<Record<keyof StandIns, { pattern: RegExp; reason: string }>> = {
  nativeModules: {
    pattern: /^[\w.+-]+\.so$/,
    reason: 'must be the name of a library, such as libentry.so',
  },
  packages: {
    pattern: /^(@[\w.-]+\/)?[\w-][\w.-]*(\/[\w.-]+)*$/,
    reason: 'must be what code imports a package as, such as @scope/core',
  },
}

/** What is left of the file without its types: an object that is exported, perhaps by a name, perhaps through one function. */
const literalExport =
  /^(?:\s*import [^;]*;)*\s*(?:(?:const|let|var) \w+ = |export default )(?:\w+\()?(\{[\s\S]*?\})\)?;\s*(?:var \w+ = \w+;\s*)?(?:export (?:default \w+|\{[^}]*\});\s*)?$/

/**
 * Reads `vpnext.config.ts` beside the project: which TypeScript file stands in for which native module, and for which package.
 *
 * It holds one object literal, as in `export default { nativeModules: { 'libentry.so': './stand-ins/entry.ts' } }`, and is read,
 * not run.
 *
 * @returns empty maps without such a file
 * @throws ProjectError
 */
export async function readStandIns(folder: ProjectFolder): Promise<StandIns> {
  const text = await folder.readText(configName)
  const checked = configFile.safeParse(text === undefined ? {} : literalOf(text))
  if (!checked.success) {
    const [first, ...others] = checked.error.issues.map(({ path, message }) => ({
      ...fileProblem(configName, message),
      key: path.map(String).join('.'),
    }))
    throw new ProjectError(first ?? fileProblem(configName, 'is refused'), ...others)
  }
  return {
    nativeModules: await findFiles(folder, 'nativeModules', checked.data.nativeModules),
    packages: await findFiles(folder, 'packages', checked.data.packages),
  }
}

async function findFiles(
  folder: ProjectFolder,
  kind: keyof StandIns,
  paths: Readonly<Record<string, string>>,
): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const [name, path] of Object.entries(paths)) {
    const problem = (reason: string): ProjectError =>
      new ProjectError({ ...fileProblem(configName, reason), key: `${kind}.${name}` })
    if (!names[kind].pattern.test(name)) throw problem(names[kind].reason)
    const file = await folder.resolveFile(path)
    if (file === 'outside') throw problem(`${path} leaves the project folder`)
    if (file === 'missing') throw problem(`no such file: ${path}`)
    if (file === 'no-file') throw problem(`${path} is not a file`)
    found.set(name, folder.show(file.path))
  }
  return found
}

/** The object that the file exports: without types, it is JSON5. */
function literalOf(text: string): unknown {
  let code: string
  try {
    // Leaves no process behind, unlike the other form.
    code = transformSync(text, { loader: 'ts', format: 'esm', charset: 'utf8', logLevel: 'silent' }).code
  } catch (error) {
    throw notLiteral(errorText(error))
  }
  const [, literal] = literalExport.exec(code) ?? []
  if (literal === undefined) throw notLiteral('must be one object literal')
  try {
    return JSON5.parse(literal)
  } catch {
    throw notLiteral('must be one object literal, without anything to be worked out')
  }
}

function notLiteral(reason: string): ProjectError {
  const hint = "write: export default { nativeModules: { 'libentry.so': './stand-ins/entry.ts' } }"
  return new ProjectError(fileProblem(configName, reason, hint))
}
