/**
 * Bundles the command: `node packages/cli/scripts/build-command.mjs`, after the compiler. A file for all verbs and one for `install`
 * alone, each with what V8 made of it beside it; bin/vpnext.cjs starts them by dist/bundle/start.cjs.
 */
import { build } from 'esbuild'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { leaveOutUnused } from '../../host/scripts/leave-out-unused.mjs'
import { directImports } from './direct-imports.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const cli = dirname(here)
const packages = dirname(cli)
/** Of the one package that has it. */
const ofNative = createRequire(join(packages, 'native/package.json'))
const folder = join(cli, 'dist/bundle')
const rehearsalProject = join(cli, '../../apps/hello-vpn')
/** What a service answers to Install. */
const answer = {
  parameters: {
    bundle: {
      bundleName: 'io.vpnext.hello',
      label: 'hello',
      vendor: '',
      versionCode: 1,
      versionName: '1',
      codeHash: '0'.repeat(64),
      ownerUid: 0,
      installedAt: 0,
      abilities: [{ moduleName: 'entry', name: 'HelloAbility', kind: 'extension', type: 'vpn' }],
      permissions: [],
      kits: [],
    },
    replaced: false,
  },
}
/** A command of the build before may still be about to read its files, in ms. */
const keptFor = 60 * 60 * 1000

/** A module that looks for files beside it finds them beside its compiled self. */
const ownPlaces = {
  name: 'own-places',
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /\/packages\/[a-z]+\/src\/.*\.ts$/ }, ({ path }) => {
      const compiled = path.replace('/src/', '/dist/').replace(/\.ts$/, '.js')
      const text = directImports(readFileSync(path, 'utf8'), packages)
      return { contents: text.replaceAll('import.meta.url', placeOf(compiled)), loader: 'ts' }
    })
    // They look for native parts from where they are.
    onResolve({ filter: /^koffi$/ }, () => ({ path: ofNative.resolve('koffi') }))
    onLoad({ filter: /\/node_modules\/(?:esbuild\/lib\/main\.js|koffi\/.*\.cjs)$/ }, ({ path }) => {
      const place = `require("node:url").fileURLToPath(${placeOf(path)})`
      const places = `const __filename = ${place}, __dirname = require("node:path").dirname(__filename);`
      return { contents: `${places}${readFileSync(path, 'utf8')}`, loader: 'js' }
    })
  },
}

function placeOf(file) {
  return `new URL(${JSON.stringify(relative(folder, file))}, bundleUrl).href`
}

const { outputFiles } = await build({
  entryPoints: { command: join(cli, 'src/command.ts'), install: join(cli, 'src/install-command.ts') },
  outdir: folder,
  write: false,
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  conditions: ['@vpnext/source'],
  external: ['@koromix/*'],
  logOverride: { 'require-resolve-not-external': 'silent' },
  plugins: [ownPlaces, leaveOutUnused],
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: 'external',
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
})

mkdirSync(folder, { recursive: true })
let start = readFileSync(join(here, 'start.cjs'), 'utf8')
const names = {}
for (const entry of ['command', 'install']) {
  const [text, map] = [lazily(outputOf(`${entry}.js`)), outputOf(`${entry}.js.map`)]
  // By content: whoever starts the command meanwhile gets the files of one build, and V8 code of this text.
  names[entry] = `${entry}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}.js`
  put(names[entry], text)
  put(`${names[entry]}.map`, map)
  start = start.replace(`${entry}.js`, names[entry])
}
for (const old of readdirSync(folder)) {
  const path = join(folder, old)
  const isNew = Object.values(names).some((name) => old.startsWith(name))
  if (!isNew && Date.now() - statSync(path).mtimeMs > keptFor) rmSync(path)
}
for (const [entry, name] of Object.entries(names)) await keepCompiled(entry, join(folder, `${name}.compiled`))
put('start.cjs', start)

/** Installs a project, with a service that says so, for V8 to compile what that runs; and keeps what it has compiled. */
async function keepCompiled(entry, file) {
  const place = mkdtempSync(join(tmpdir(), 'vpnext-rehearsal-'))
  const rehearsed = join(folder, `${process.pid}.cjs`)
  const keep = `require('node:fs').writeFileSync(${JSON.stringify(`${file}.new`)}, script.createCachedData())`
  // Both files are rehearsed by the same verb, which the name would choose one for.
  const chosen = entry === 'command' ? start.replace(names.install, names.command) : start
  writeFileSync(rehearsed, `${chosen}process.on('exit', () => ${keep})\n`)
  const service = createServer((socket) =>
    socket.once('data', () => socket.write(`${JSON.stringify(answer)}\0`)),
  )
  await once(service.listen(join(place, 'io.vpnext')), 'listening')
  const args = [rehearsed, 'install', rehearsalProject, '--run-dir', place]
  const child = spawn(process.execPath, args, { env: {}, stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = await once(child, 'exit')
  service.close()
  rmSync(place, { recursive: true })
  rmSync(rehearsed)
  if (code !== 0) throw new Error('the rehearsal failed')
  renameSync(`${file}.new`, file)
}

function outputOf(name) {
  const file = outputFiles.find(({ path }) => path.endsWith(`/${name}`))
  if (file === undefined) throw new Error(`esbuild wrote no ${name}`)
  return file.text
}

/** Modules of node that take a while to load, and that most runs of a verb never come to use; as long as this, for source maps. */
function lazily(text) {
  return text.replaceAll(/=require\("(?:node:)?(?:crypto|zlib|fs\/promises)"\)/g, (call) =>
    call.replace('require', 'atUsage'),
  )
}

/** At once: nobody reads half of it. */
function put(file, contents) {
  const fresh = join(folder, `${file}.${process.pid}`)
  writeFileSync(fresh, contents)
  renameSync(fresh, join(folder, file))
}
