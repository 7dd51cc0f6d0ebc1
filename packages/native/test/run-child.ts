import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

import { buildSync } from 'esbuild'
import { onTestFinished } from 'vitest'

const here = import.meta.dirname

/** Where koffi and its binaries are: what a sandboxed child must still be able to read. */
export const nodeModules: string = resolve(here, '../../../node_modules')

/** Programs of `test/children`, bundled into a folder that any user can read; removed on disposal. */
export interface ChildProgram extends Disposable {
  readonly folder: string
  readonly path: string
}

/** Bundles `test/children/<name>.ts` to one ES module that plain node runs. */
export function buildChild(name: string): ChildProgram {
  const folder = mkdtempSync(join(tmpdir(), 'vpnext-native-'))
  chmodSync(folder, 0o755)
  const path = join(folder, `${name}.mjs`)
  buildSync({
    entryPoints: [join(here, 'children', `${name}.ts`)],
    outfile: path,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@vpnext/source'],
    alias: { koffi: join(nodeModules, 'koffi/index.js') },
    external: [join(nodeModules, 'koffi/index.js')],
  })
  return { folder, path, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}

export interface ChildResult {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program of `test/children` to its end, inside a test, whose end it does not outlive. */
export async function runChild(
  name: string,
  options: { readonly args?: readonly string[]; readonly nodeOptions?: readonly string[] } = {},
): Promise<ChildResult> {
  using program = buildChild(name)
  const child = spawn(
    process.execPath,
    [...(options.nodeOptions ?? []), program.path, ...(options.args ?? [])],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  // Also when the test fails by its time-out.
  onTestFinished(() => void child.kill('SIGKILL'))
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((done, fail) => {
    child.on('error', fail).on('close', (...end) => done(end))
  })
  return { code, signal, stdout, stderr }
}

/** Runs a program that writes one JSON value to its output, and returns that. @throws Error with all that it wrote */
export async function childReport(...call: Parameters<typeof runChild>): Promise<unknown> {
  const result = await runChild(...call)
  if (result.code !== 0) throw new Error(`child ${call[0]}: ${JSON.stringify(result, null, 2)}`)
  return JSON.parse(result.stdout)
}
