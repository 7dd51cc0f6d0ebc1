/**
 * Builds the host image: `node packages/host/scripts/build-image.mjs [folder]`, default packages/host/dist/image.
 *
 * The image is self-contained, because inside the sandbox there is no node_modules: stage1.mjs and stage2.js are bundled
 * with esbuild, straight from the sources of the packages, and koffi's native modules and SQLite lie beside them. stage2.cjs starts
 * stage2.js with its compiled code, stage2.cache. thread.cjs is for the threads that extension code begins. own-kits.cjs holds
 * `@vpnext/packet` and `@vpnext/wireguard` for extensions that import them; pump-worker.mjs and engine-worker.mjs are what their threads run.
 */
import { build } from 'esbuild'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lazyBuiltins } from './lazy-builtins.mjs'
import { leaveOutUnused } from './leave-out-unused.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const source = join(here, '../src')

/** What extension code gets as `@vpnext/packet` and `@vpnext/wireguard`: one file, so that both have the same classes. */
const ownKits = "export * as packet from '@vpnext/packet'\nexport * as wireguard from '@vpnext/wireguard'\n"

/** Modules whose place in the image differs from that in their package. */
const imageModules = {
  name: 'image-modules',
  setup({ onResolve }) {
    onResolve({ filter: /\/worker-program\.ts$/ }, ({ importer }) => {
      const name = /\/packages\/(packet|wireguard)\/src\//.exec(importer)?.[1]
      return { path: join(here, `${name}-worker-program.mjs`) }
    })
    onResolve({ filter: /\/sqlite-folder\.ts$/ }, () => ({ path: join(here, 'sqlite-folder.mjs') }))
  },
}

/** @type {import('esbuild').BuildOptions} */
const options = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  conditions: ['@vpnext/source'],
  alias: { koffi: join(here, 'koffi-binary.mjs') },
  inject: [join(here, 'node-timers.mjs')],
  plugins: [imageModules, leaveOutUnused],
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'warning',
}

/**
 * @param {string} folder made anew; what was there is replaced in one step
 * @returns {Promise<void>}
 */
export async function buildImage(folder) {
  const fresh = `${folder}.${process.pid}`
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { recursive: true })
  const stage1 = { ...options, entryPoints: { stage1: join(source, 'stage1/main.ts') }, outdir: fresh }
  await build({ ...stage1, format: 'esm', outExtension: { '.js': '.mjs' } })
  const commonJs = {
    ...options,
    outdir: fresh,
    // Starts some 7 ms faster than a module.
    format: 'cjs',
    define: { 'import.meta.url': 'imageUrl' },
    banner: { js: "const imageUrl = require('node:url').pathToFileURL(__filename).href;" },
  }
  await build({ ...commonJs, entryPoints: { stage2: join(source, 'stage2/main.ts') } })
  const thread = { ...commonJs, entryPoints: { thread: join(source, 'thread/main.ts') } }
  await build({ ...thread, outExtension: { '.js': '.cjs' } })
  const kits = { contents: ownKits, resolveDir: here, loader: 'ts' }
  await build({ ...commonJs, stdin: kits, outdir: undefined, outfile: join(fresh, 'own-kits.cjs') })
  const workers = {
    'pump-worker': join(here, '../../packet/src/pump/pump-worker.ts'),
    'engine-worker': join(here, '../../wireguard/src/engine/engine-worker.ts'),
  }
  await build({
    ...options,
    entryPoints: workers,
    outdir: fresh,
    format: 'esm',
    outExtension: { '.js': '.mjs' },
  })
  for (const name of ['stage2.js', 'thread.cjs']) {
    const path = join(fresh, name)
    writeFileSync(path, lazyBuiltins(readFileSync(path, 'utf8')))
  }
  copyFileSync(join(here, 'thread-start.cjs'), join(fresh, 'thread-start.cjs'))
  copyFileSync(join(here, 'stage2-start.cjs'), join(fresh, 'stage2.cjs'))
  copyKoffi(fresh)
  copySqlite(join(fresh, 'sqlite'))
  const compiled = [join(fresh, 'stage2.js'), join(fresh, 'stage2.cache'), '/vpnext/stage2.js']
  execFileSync(process.execPath, [join(here, 'write-compiled-code.cjs'), ...compiled], {
    env: {},
    stdio: 'ignore',
  })
  rmSync(folder, { recursive: true, force: true })
  renameSync(fresh, folder)
}

/** Every platform that is installed; npm installs the one of the machine. */
function copyKoffi(folder) {
  const koffi = dirname(createRequire(import.meta.url).resolve('koffi'))
  const platforms = join(koffi, '../@koromix')
  let found = 0
  for (const name of readdirSync(platforms)) {
    const [, platform, arch] = /^koffi-(linux)-(\w+)$/.exec(name) ?? []
    if (platform === undefined) continue
    const target = join(folder, 'koffi', `${platform}-${arch}`)
    mkdirSync(target, { recursive: true })
    for (const [library, part] of [
      ['glibc', 'linux'],
      ['musl', 'musl'],
    ]) {
      const binary = join(platforms, name, `${part}_${arch}/koffi.node`)
      if (existsSync(binary)) copyFileSync(binary, join(target, `${library}.node`))
    }
    found++
  }
  if (found === 0) throw new Error(`koffi: no native module in ${platforms}`)
}

/** SQLite of `relationalStore`, which the kits read when a database is first asked for. */
function copySqlite(folder) {
  const program = createRequire(join(here, '../../kit/package.json')).resolve('node-sqlite3-wasm')
  mkdirSync(folder)
  for (const name of ['node-sqlite3-wasm.js', 'node-sqlite3-wasm.wasm']) {
    copyFileSync(join(dirname(program), name), join(folder, name))
    chmodSync(join(folder, name), 0o644)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildImage(process.argv[2] ?? join(here, '../dist/image'))
}
