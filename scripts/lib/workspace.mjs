import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StepFailed, step } from './progress.mjs'

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** Node's oldest line that vpnext runs on. */
const oldestNode = 20

export function ensureNode() {
  const major = Number(process.versions.node.split('.')[0])
  if (major < oldestNode) {
    throw new StepFailed(`Node ${oldestNode} or newer is needed; this is ${process.versions.node}`)
  }
}

/** Installs the locked npm packages unless node_modules already is what the lock file says. */
export async function ensureNpmPackages() {
  const lock = join(root, 'package-lock.json')
  const installed = join(root, 'node_modules/.package-lock.json')
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return
  await step('installing npm packages (npm ci, no install scripts)', 'npm', ['ci', '--ignore-scripts'], {
    cwd: root,
  })
}

/** Fetches the linter of `vpnext check`, which is optional for everybody but the tests, into a folder of its own. */
export async function ensureLinter() {
  const folder = join(root, 'packages/arkts/linter')
  if (existsSync(join(folder, 'node_modules/ohos-typescript/package.json'))) return
  await step('fetching ArkTS’s linter (npm ci)', 'npm', ['ci', '--ignore-scripts'], { cwd: folder })
}

/** Compiles every package and the host image; a second run only redoes what changed. */
export async function build() {
  await step('building', 'npm', ['run', '--silent', 'build'], { cwd: root })
}
