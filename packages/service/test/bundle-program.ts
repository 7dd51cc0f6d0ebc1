import { chmodSync, cpSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = fileURLToPath(new URL('.', import.meta.url))
const packages = join(here, '../../../node_modules')

/**
 * Makes a runnable .mjs of a TypeScript program of this folder. koffi is copied beside it: the user whom it runs as may be
 * shut out of the folder that vpnext was cloned into, as out of most homes.
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
  for (const needed of ['koffi', '@koromix']) {
    cpSync(join(packages, needed), join(folder, 'node_modules', needed), { recursive: true, force: false })
  }
  return outfile
}
