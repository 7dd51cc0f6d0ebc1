/**
 * `npm run bench [-- [--json] [row …]]`: installs what is missing, builds, and measures, in a private network. Everything it
 * prints before the result goes to standard error.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { main, say, StepFailed } from './lib/progress.mjs'
import { ensureSystemPackages } from './lib/system-packages.mjs'
import { build, ensureNode, ensureNpmPackages, root } from './lib/workspace.mjs'

await main(async () => {
  ensureNode()
  await ensureNpmPackages()
  await ensureSystemPackages('bench')
  await ensureSystemPackages('bench-beside').catch((error) => {
    if (!(error instanceof StepFailed)) throw error
    // Printed beside a row and no contender: the table says that it was not measured.
    say(error.message)
  })
  await build()
  const child = spawn(process.execPath, [join(root, 'bench/dist/main.js'), ...process.argv.slice(2)], {
    stdio: 'inherit',
    cwd: root,
  })
  // Ctrl-C reaches the whole foreground group; the measurement cleans up and this process waits for it.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  return await new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)))
})
