/**
 * `npm run bench:packets [-- [--quick] [--json] [row …]]`: installs what is missing, builds, and measures the packet path in
 * two private networks. Everything it prints before the result goes to standard error.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { main } from './lib/progress.mjs'
import { ensureSystemPackages } from './lib/system-packages.mjs'
import { wireguardGo } from './lib/wireguard-go.mjs'
import { build, ensureNode, ensureNpmPackages, root } from './lib/workspace.mjs'

await main(async () => {
  ensureNode()
  await ensureNpmPackages()
  await ensureSystemPackages('bench-packets')
  const program = await wireguardGo()
  await build()
  const child = spawn(
    process.execPath,
    [join(root, 'bench/dist/packets/main.js'), ...process.argv.slice(2)],
    {
      stdio: 'inherit',
      cwd: root,
      env: { ...process.env, VPNEXT_WIREGUARD_GO: program },
    },
  )
  // Ctrl-C reaches the whole foreground group; the measurement cleans up and this process waits for it.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  return await new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)))
})
