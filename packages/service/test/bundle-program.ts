import { chmodSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isErrno } from '@vpnext/native'
import { build } from 'esbuild'

const here = fileURLToPath(new URL('.', import.meta.url))

/**
 * Makes a runnable .mjs of a TypeScript program of this folder; koffi is found through a link to node_modules.
 *
 * @param folder of the test's own; opened to other users, because hosts and clients of other users run from it
 */
export async function bundleProgram(name: string, folder: string, as: string): Promise<string> {
  const outfile = join(folder, as)
  await build({
    entryPoints: [join(here, `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@vpnext/source'],
    external: ['koffi'],
    logLevel: 'warning',
    banner: {
      js: "import { createRequire as __make } from 'node:module'; const require = __make(import.meta.url);",
    },
  })
  chmodSync(folder, 0o755)
  chmodSync(outfile, 0o644)
  try {
    symlinkSync(join(here, '../../../node_modules'), join(folder, 'node_modules'))
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error
  }
  return outfile
}
