/**
 * `npm start [-- [project folder] [--yes] [--json]]`: installs what is missing, builds, and shows a VPN extension
 * carrying packets through a real tunnel in a private network. Everything it prints before the result goes to
 * standard error.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { main } from './lib/progress.mjs'
import { ensureSystemPackages } from './lib/system-packages.mjs'
import { build, ensureNode, ensureNpmPackages, root } from './lib/workspace.mjs'

await main(async () => {
  ensureNode()
  await ensureNpmPackages()
  await ensureSystemPackages('start')
  await build()
  const child = spawn(
    process.execPath,
    [join(root, 'packages/cli/dist/main.js'), 'demo', ...process.argv.slice(2)],
    {
      stdio: 'inherit',
      cwd: process.env.INIT_CWD ?? process.cwd(),
    },
  )
  // Ctrl-C reaches the whole foreground group; the demo cleans up and this process waits for it.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  return await new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)))
})
