/**
 * Measures what the start of a host costs, as root: `node packages/host/scripts/measure-start.mjs [rounds] [image]`.
 * Prints medians in ms of a bare `node -e 0`, of a host until it attaches, and until its ability is created.
 */
import { build } from 'esbuild'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { buildImage } from './build-image.mjs'

const [rounds = '15', image] = process.argv.slice(2)
const dist = fileURLToPath(new URL('../dist', import.meta.url))
// Below the package, so that koffi is found.
const folder = mkdtempSync(join(dist, 'measure-'))
try {
  const program = join(folder, 'start-time.mjs')
  await build({
    entryPoints: [join(dirname(dist), 'test/start-time.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@vpnext/source'],
    external: ['koffi'],
    logLevel: 'warning',
  })
  const measured = image ?? join(folder, 'image')
  if (image === undefined) await buildImage(measured)
  process.exitCode =
    spawnSync(process.execPath, [program, rounds, measured], { stdio: 'inherit' }).status ?? 1
} finally {
  rmSync(folder, { recursive: true })
}
