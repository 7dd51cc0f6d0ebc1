import { buildSync } from 'esbuild'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-loops-'))
  buildSync({
    entryPoints: [join(import.meta.dirname, 'loop-compiler.ts')],
    outfile: join(folder, 'loop-compiler.cjs'),
    bundle: true,
    format: 'cjs',
    platform: 'node',
  })
})
afterAll(() => rmSync(folder, { recursive: true }))

const loopAtItsTop = 'let sum = 0; for (let i = 0; i < 3e6; i++) sum = (sum + i) | 0; exports.sum = sum'

function scriptOf(bytes: number, code = ''): string {
  const map =
    '//# sourceMappingURL=data:application/json,{"version":3,"sources":[],"names":[],"mappings":""}\n'
  const path = join(folder, 'script.cjs')
  writeFileSync(path, `${code}\n${'// a line of the script\n'.repeat(bytes / 24)}${map}`)
  return path
}

/** @returns whether V8 has compiled running loops of this kind while a process of its own ran the code */
function compiles(loop: 'lineLengths' | 'script', code: string): boolean {
  const before = `process.setSourceMapsEnabled(true)
    const { withoutLoopCompiler } = require('${folder}/loop-compiler.cjs')
    const script = '${folder}/script.cjs';`
  const output = execFileSync(process.execPath, ['--trace-opt', '--eval', before + code], {
    encoding: 'utf8',
    stdio: 'pipe',
  })
  const compiled = output
    .split('\n')
    .filter((line) => line.includes('[compiling method') && /\bOSR\b/.test(line))
  return compiled.some((line) => line.includes('lineLengths') === (loop === 'lineLengths'))
}

test('node’s count of the lines of a short script is not compiled; it would be without', () => {
  scriptOf(60_000)
  expect(compiles('lineLengths', 'require(script)')).toBe(true)
  expect(compiles('lineLengths', 'withoutLoopCompiler(script, () => require(script))')).toBe(false)
})

test('the script’s own loops are compiled from where it runs, and what comes later', () => {
  scriptOf(60_000, `globalThis.resume?.(); ${loopAtItsTop}`)
  const load = 'withoutLoopCompiler(script, (resume) => { globalThis.resume = resume; require(script) })'
  expect(compiles('script', load)).toBe(true)
  expect(compiles('lineLengths', load)).toBe(false)
  scriptOf(60_000)
  expect(compiles('script', `withoutLoopCompiler(script, () => require(script)); ${loopAtItsTop}`)).toBe(true)
  const failing = `try { withoutLoopCompiler(script, () => { throw new Error() }) } catch {} ${loopAtItsTop}`
  expect(compiles('script', failing)).toBe(true)
})

test('a long script’s lines are counted by compiled code', () => {
  scriptOf(200_000)
  expect(compiles('lineLengths', 'withoutLoopCompiler(script, () => require(script))')).toBe(true)
})

test('a script that is not there fails as it does for node', () => {
  const load = "withoutLoopCompiler('/nowhere/script.cjs', () => require('/nowhere/script.cjs'))"
  expect(() => compiles('script', load)).toThrow('Cannot find module')
})
