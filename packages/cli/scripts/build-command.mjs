/**
 * Bundles the command: `node packages/cli/scripts/build-command.mjs`, after the compiler. What a verb loads late is in files of its
 * own there too. dist/main.js starts it.
 */
import { build } from 'esbuild'
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { leaveOutUnused } from '../../host/scripts/leave-out-unused.mjs'

const cli = dirname(dirname(fileURLToPath(import.meta.url)))
const folder = join(cli, 'dist/bundle')
/** A command of the build before may still have some of its files to load, ms. */
const keptFor = 60 * 60 * 1000

/** A module that looks for files beside it finds them beside its compiled self. */
const ownPlaces = {
  name: 'own-places',
  setup({ onLoad }) {
    onLoad({ filter: /\/packages\/[a-z]+\/src\/.*\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      if (!text.includes('import.meta.url')) return undefined
      const compiled = path.replace('/src/', '/dist/').replace(/\.ts$/, '.js')
      const place = `new URL(${JSON.stringify(relative(folder, compiled))}, import.meta.url).href`
      return { contents: text.replaceAll('import.meta.url', place), loader: 'ts' }
    })
  },
}

const { outputFiles } = await build({
  entryPoints: { main: join(cli, 'src/command.ts') },
  outdir: folder,
  write: false,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  conditions: ['@vpnext/source'],
  // They bring native programs, which they look for beside themselves.
  external: ['koffi', 'esbuild'],
  plugins: [ownPlaces, leaveOutUnused],
  // For what is CommonJS itself: commander.
  banner: {
    js: "import { createRequire as ofBundle } from 'node:module'; const require = ofBundle(import.meta.url);",
  },
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
})

mkdirSync(folder, { recursive: true })
const names = new Set(outputFiles.map(({ path }) => basename(path)))
for (const name of readdirSync(folder)) {
  const path = join(folder, name)
  if (!names.has(name) && Date.now() - statSync(path).mtimeMs > keptFor) rmSync(path)
}
// The entry comes last and at once: who starts the command meanwhile gets one build or the other.
const entry = join(folder, 'main.js')
for (const { path, contents } of outputFiles) writeFileSync(path === entry ? `${entry}.new` : path, contents)
renameSync(`${entry}.new`, entry)
