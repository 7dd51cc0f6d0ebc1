import { build } from 'esbuild'
import { symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Makes a program of this folder that runs in a process of its own.
 *
 * @param name of its source, e.g. `two-writers.ts`
 * @param folder to put it into; gets a link to the packages
 * @returns its path
 */
export async function bundleProgram(name: string, folder: string): Promise<string> {
  symlinkSync(fileURLToPath(new URL('../../../node_modules', import.meta.url)), join(folder, 'node_modules'))
  const program = join(folder, `${basename(name, '.ts')}.mjs`)
  await build({
    entryPoints: [fileURLToPath(new URL(name, import.meta.url))],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@vpnext/source'],
    external: ['koffi', 'node-sqlite3-wasm'],
    banner: {
      js: "import { createRequire as __make } from 'node:module'; const require = __make(import.meta.url);",
    },
  })
  return program
}
