import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The declarations of the kits, which an editor has by `extends` of the file beside them; absolute paths. */
export function kitDeclarations(): string[] {
  const settings = createRequire(import.meta.url).resolve('@vpnext/kit/tsconfig.extension.json')
  const folder = join(dirname(settings), 'types')
  return readdirSync(folder)
    .filter((name) => name.endsWith('.d.ts'))
    .map((name) => join(folder, name))
}
