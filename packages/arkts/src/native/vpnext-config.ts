import { transformSync } from 'esbuild'
import JSON5 from 'json5'
import * as z from 'zod'

import { ProjectError, fileProblem } from '../project-error.ts'
import type { ProjectFolder } from '../project-folder.ts'

/** Its name, beside AppScope. */
const configName = 'vpnext.config.ts'

const configFile = z.strictObject({
  nativeModules: z.record(z.string(), z.string().min(1)).default({}),
})

/** What is left of the file without its types: an object that is exported, perhaps by a name, perhaps through one function. */
const literalExport =
  /^(?:\s*import [^;]*;)*\s*(?:(?:const|let|var) \w+ = |export default )(?:\w+\()?(\{[\s\S]*?\})\)?;\s*(?:var \w+ = \w+;\s*)?(?:export (?:default \w+|\{[^}]*\});\s*)?$/

/**
 * Reads `vpnext.config.ts` beside the project: which TypeScript file stands in for which native module.
 *
 * It holds one object literal, as in `export default { nativeModules: { 'libentry.so': './stand-ins/entry.ts' } }`, and is read,
 * not run.
 *
 * @returns name of the module to a file relative to the project folder, which exists; empty without such a file
 * @throws ProjectError
 */
export async function readStandIns(folder: ProjectFolder): Promise<Map<string, string>> {
  const text = await folder.readText(configName)
  const standIns = new Map<string, string>()
  if (text === undefined) return standIns
  const checked = configFile.safeParse(literalOf(text))
  if (!checked.success) {
    const [first, ...others] = checked.error.issues.map(({ path, message }) => ({
      ...fileProblem(configName, message),
      key: path.map(String).join('.'),
    }))
    throw new ProjectError(first ?? fileProblem(configName, 'is refused'), ...others)
  }
  for (const [name, path] of Object.entries(checked.data.nativeModules)) {
    const found = await folder.resolve(path)
    const key = `nativeModules.${name}`
    if (!/^[\w.+-]+\.so$/.test(name))
      throw new ProjectError({
        ...fileProblem(configName, 'must be the name of a library, such as libentry.so'),
        key,
      })
    if (found === 'outside')
      throw new ProjectError({ ...fileProblem(configName, `${path} leaves the project folder`), key })
    if (found === 'missing')
      throw new ProjectError({ ...fileProblem(configName, `no such file: ${path}`), key })
    standIns.set(name, folder.show(found.path))
  }
  return standIns
}

/** The object that the file exports: without types, it is JSON5. */
function literalOf(text: string): unknown {
  let code: string
  try {
    // Leaves no process behind, unlike the other form.
    code = transformSync(text, { loader: 'ts', format: 'esm', charset: 'utf8', logLevel: 'silent' }).code
  } catch (error) {
    throw notLiteral(error instanceof Error ? error.message : String(error))
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
