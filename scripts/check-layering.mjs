/**
 * Imports only go down the package list, and only what a package declares. Shipped code only: a `*.lab.test.ts` or
 * `*.e2e.test.ts` may use the lab wherever it stands.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { StepFailed, main, say } from './lib/progress.mjs'
import { root } from './lib/workspace.mjs'

/** Lowest first; docs/architecture.md draws the same list. */
const order = [
  'ip',
  'api',
  'native',
  'network',
  'varlink',
  'service',
  'arkts',
  'kit',
  'host',
  'packet',
  'wireguard',
  'lab',
  'cli',
]

/** Static imports and re-exports, which begin a line, and dynamic imports of a literal. */
const importPattern = /^(?:import|export)\s(?:[^'"`;]*?\sfrom\s)?'([^']+)'|\bimport\('([^']+)'\)/gm

function* sourceFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* sourceFiles(path)
    else if (/\.(ts|mts|cts)$/.test(entry.name)) yield path
  }
}

function problemsOf(name) {
  const folder = join(root, 'packages', name)
  const declared = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).dependencies ?? {}
  const level = order.indexOf(name)
  if (level === -1) return [`packages/${name}: not in the package list of scripts/check-layering.mjs`]
  const problems = []
  for (const file of sourceFiles(join(folder, 'src'))) {
    const test = file.endsWith('.test.ts')
    const ring = /\.(lab|e2e)\.test\.ts$/.test(file)
    // Comments hold examples whose imports bind nobody.
    const text = readFileSync(file, 'utf8')
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/^\s*\/\/.*$/gm, '')
    for (const [, fixed, dynamic] of text.matchAll(importPattern)) {
      const target = fixed ?? dynamic
      const own = /^@vpnext\/([a-z]+)/.exec(target)?.[1]
      const where = `${relative(root, file)}: imports ${target}`
      if (own !== undefined) {
        if (own === name || ring) continue
        if (order.indexOf(own) > level) problems.push(`${where}, which lies above it`)
        else if (!declared[`@vpnext/${own}`] && !test) problems.push(`${where}, which its package.json lacks`)
      } else if (!target.startsWith('.') && !target.startsWith('node:') && !test) {
        const parts = target.split('/')
        const dependency = target.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]
        if (!declared[dependency]) problems.push(`${where}, which its package.json lacks`)
      }
    }
  }
  return problems
}

await main(() => {
  const packages = readdirSync(join(root, 'packages'))
  const problems = packages.flatMap(problemsOf)
  for (const problem of problems) say(problem)
  if (problems.length > 0) throw new StepFailed(`${problems.length} imports break the layering`)
  say(`layering: ${packages.length} packages, imports only go down`)
})
