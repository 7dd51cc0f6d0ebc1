/**
 * Bundles the command: `node packages/cli/scripts/build-command.mjs`, after the compiler. One file, with what V8 made of it beside it;
 * dist/main.js starts both by dist/bundle/start.cjs.
 */
import { build } from 'esbuild'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { leaveOutUnused } from '../../host/scripts/leave-out-unused.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const cli = dirname(here)
const folder = join(cli, 'dist/bundle')
/** What is run once for V8 to compile: reading a project and compiling it, until no service answers. */
const rehearsal = ['install', join(cli, '../../apps/hello-vpn'), '--run-dir', '/nonexistent']
/** A command of the build before may still be about to read its files, in ms. */
const keptFor = 60 * 60 * 1000

/** A module that looks for files beside it finds them beside its compiled self. */
const ownPlaces = {
  name: 'own-places',
  setup({ onLoad }) {
    onLoad({ filter: /\/packages\/[a-z]+\/src\/.*\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      if (!text.includes('import.meta.url')) return undefined
      const compiled = path.replace('/src/', '/dist/').replace(/\.ts$/, '.js')
      const place = `new URL(${JSON.stringify(relative(folder, compiled))}, bundleUrl).href`
      return { contents: text.replaceAll('import.meta.url', place), loader: 'ts' }
    })
  },
}

const { outputFiles } = await build({
  entryPoints: { command: join(cli, 'src/command.ts') },
  outdir: folder,
  write: false,
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  conditions: ['@vpnext/source'],
  // They bring native programs, which they look for beside themselves.
  external: ['koffi', 'esbuild'],
  plugins: [ownPlaces, leaveOutUnused],
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: 'external',
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
})

mkdirSync(folder, { recursive: true })
const [text, map] = ['.js', '.js.map'].map((end) => {
  const file = outputFiles.find(({ path }) => path.endsWith(end))
  if (file === undefined) throw new Error(`esbuild wrote no ${end}`)
  return file.text
})
// By content: whoever starts the command meanwhile gets the files of one build, and V8 code of this text.
const name = `command-${createHash('sha256').update(text).digest('hex').slice(0, 16)}.js`
for (const old of readdirSync(folder)) {
  const path = join(folder, old)
  if (!old.startsWith(name) && Date.now() - statSync(path).mtimeMs > keptFor) rmSync(path)
}
put(name, text)
put(`${name}.map`, map)
const start = readFileSync(join(here, 'start.cjs'), 'utf8').replace('command.js', name)
const rehearsed = join(folder, `${process.pid}.cjs`)
const compiled = join(folder, `${name}.compiled`)
const keep = `require('node:fs').writeFileSync(${JSON.stringify(`${compiled}.new`)}, script.createCachedData())`
writeFileSync(rehearsed, `${start}process.on('exit', () => ${keep})\n`)
// That no service answers is an error of the verb.
spawnSync(process.execPath, [rehearsed, ...rehearsal], { env: {}, stdio: 'ignore' })
rmSync(rehearsed)
renameSync(`${compiled}.new`, compiled)
put('start.cjs', start)

/** At once: nobody reads half of it. */
function put(file, contents) {
  const fresh = join(folder, `${file}.${process.pid}`)
  writeFileSync(fresh, contents)
  renameSync(fresh, join(folder, file))
}
