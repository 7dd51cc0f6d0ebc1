#!/usr/bin/env node
/** `vpnext`, before and after the build: npm links this file when it installs, and the compiled command comes later. */
import { existsSync } from 'node:fs'

const main = new URL('../dist/main.js', import.meta.url)
if (existsSync(main)) await import(main.href)
else {
  process.stderr.write('vpnext: not built yet\n  npm run build\n')
  process.exitCode = 1
}
