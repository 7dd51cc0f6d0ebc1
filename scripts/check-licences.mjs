/** Every installed package has a licence that Apache-2.0 can ship beside. Reads node_modules, asks no network. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { StepFailed, main, say } from './lib/progress.mjs'
import { root } from './lib/workspace.mjs'

const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'CC-BY-4.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
  'Unlicense',
])

/** Build-time only and never shipped, so a file-level copyleft is no concern: package name → licence. */
const developmentOnly = new Map([
  ['lightningcss', 'MPL-2.0'],
  ['lightningcss-linux-x64-gnu', 'MPL-2.0'],
  ['lightningcss-linux-x64-musl', 'MPL-2.0'],
])

function acceptable(licence) {
  const words = licence.replace(/[()]/g, '').split(/\s+OR\s+/)
  return words.some((word) => word.split(/\s+AND\s+/).every((part) => allowed.has(part)))
}

function readLock(folder) {
  return JSON.parse(readFileSync(join(root, folder, 'package-lock.json'), 'utf8'))
}

await main(() => {
  const lock = readLock('.')
  const problems = []
  let count = 0
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (!path.includes('node_modules/') || entry.link) continue
    const file = join(root, path, 'package.json')
    if (!existsSync(file)) continue
    const manifest = JSON.parse(readFileSync(file, 'utf8'))
    const licence =
      typeof manifest.license === 'string' ? manifest.license : (manifest.license?.type ?? 'none stated')
    count += 1
    if (acceptable(licence)) continue
    if (entry.dev && developmentOnly.get(manifest.name) === licence) continue
    problems.push(`${manifest.name}@${manifest.version}: ${licence}`)
  }
  // Optional, and fetched by those who want it: the lock file says what its package does.
  for (const [path, entry] of Object.entries(readLock('packages/arkts/linter').packages)) {
    if (!path.includes('node_modules/')) continue
    count += 1
    if (!acceptable(entry.license ?? 'none stated')) problems.push(`${path}: ${entry.license}`)
  }
  for (const problem of problems) say(problem)
  if (problems.length > 0)
    throw new StepFailed(`${problems.length} packages with a licence we cannot ship beside`)
  say(`licences: ${count} packages, all compatible with Apache-2.0`)
})
