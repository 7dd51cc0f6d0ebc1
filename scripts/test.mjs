/**
 * `npm test [-- unit|lab|e2e …]`: the three rings, each in a vitest run of its own, and the closing line
 * `N passed, N failed`. Under CI a skipped test counts as a failure.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StepFailed, main, say, step } from './lib/progress.mjs'
import { ensureSystemPackages } from './lib/system-packages.mjs'
import { build, ensureLinter, ensureNode, ensureNpmPackages, root } from './lib/workspace.mjs'

const rings = ['unit', 'lab', 'e2e']
/** Where npm was told of more CA certificates, every Node reads all of them at its start: 50 ms, thousands of times. No test uses one. */
const { NODE_EXTRA_CA_CERTS: _certificates, ...environment } = process.env

await main(async () => {
  const chosen = process.argv.slice(2)
  const unknown = chosen.find((name) => !rings.includes(name))
  if (unknown !== undefined) throw new StepFailed(`no such ring: ${unknown} (there are ${rings.join(', ')})`)
  ensureNode()
  await ensureNpmPackages()
  await ensureSystemPackages('test')
  if (chosen.length === 0 || chosen.includes('e2e')) await ensureLinter()
  await build()

  const total = { passed: 0, failed: 0, skipped: 0 }
  for (const ring of chosen.length > 0 ? chosen : rings) {
    const counts = await runRing(ring)
    total.passed += counts.passed
    total.failed += counts.failed
    total.skipped += counts.skipped
  }
  if (total.skipped > 0) {
    say(`${total.skipped} skipped${process.env.CI ? ', which CI counts as failed' : ''}`)
    if (process.env.CI) total.failed += total.skipped
  }
  process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`)
  return total.failed === 0 && total.passed > 0 ? 0 : 1
})

/** Runs one ring; a ring that ends without counts is one failure. */
async function runRing(ring) {
  const folder = mkdtempSync(join(tmpdir(), 'vpnext-test-'))
  const file = join(folder, 'counts.json')
  const vitest = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', ring]
  const reporters = ['--reporter', 'dot', '--reporter', join(root, 'scripts/lib/closing-line-reporter.mjs')]
  const [command, args] = enterNamespaces(ring, process.execPath, [...vitest, ...reporters])
  try {
    await step(`ring ${ring}`, command, args, {
      cwd: root,
      show: true,
      env: { ...environment, VPNEXT_COUNTS: file },
    }).catch((error) => {
      if (!(error instanceof StepFailed)) throw error
    })
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    say(`ring ${ring} ended without a result`)
    return { passed: 0, failed: 1, skipped: 0 }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** An ordinary user runs the privileged rings as root of a user namespace of their own. */
function enterNamespaces(ring, command, args) {
  if (ring === 'unit' || process.getuid?.() === 0) return [command, args]
  return [
    'unshare',
    ['--user', '--map-root-user', '--net', '--mount', '--pid', '--fork', '--mount-proc', command, ...args],
  ]
}
