import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { traceToSources } from './trace-to-sources.ts'

function inFolder(action: (write: (path: string, text: string, seconds?: number) => URL) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'vpnext-bundle-'))
  try {
    action((path, text, seconds = 1000) => {
      const file = join(folder, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
      utimesSync(file, seconds, seconds)
      return pathToFileURL(file)
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('the bundle is taken as long as no package was compiled after it', () => {
  inFolder((write) => {
    const program = fileURLToPath(new URL('../bin/vpnext.cjs', import.meta.url))
    const command = fileURLToPath(write('cli/bin/vpnext.cjs', readFileSync(program, 'utf8')))
    const run = (): string => spawnSync(process.execPath, [command], { encoding: 'utf8' }).stdout
    write('ip/README.md', '')
    expect(run()).toBe('')
    write('cli/package.json', '{"type":"module"}')
    write('cli/dist/command.js', 'console.log("modules")')
    expect(run()).toBe('modules\n')
    write('cli/dist/bundle/start.cjs', 'console.log("bundle")', 2000)
    write('ip/dist/.tsbuildinfo', '', 1999)
    expect(run()).toBe('bundle\n')
    write('native/dist/.tsbuildinfo', '', 2001)
    expect(run()).toBe('modules\n')
  })
})

test('a command that is called in a folder that was removed is not in it', () => {
  inFolder((write) => {
    const program = fileURLToPath(new URL('../bin/vpnext.cjs', import.meta.url))
    const command = fileURLToPath(write('cli/bin/vpnext.cjs', readFileSync(program, 'utf8')))
    write('cli/package.json', '{"type":"module"}')
    const text = 'try { console.log(process.cwd()) } catch (error) { console.log(error.code) }'
    const start = fileURLToPath(write('cli/dist/bundle/start.cjs', text, 2000))
    const gone = join(dirname(command), 'gone')
    const run = (file: string): string => {
      mkdirSync(gone)
      const inGone = `cd '${gone}' && rmdir '${gone}' && exec '${process.execPath}' '${file}'`
      return spawnSync('/bin/sh', ['-c', inGone], { encoding: 'utf8' }).stdout
    }
    expect(run(command)).toBe('/\n')
    expect(run(start)).toBe('ENOENT\n')
  })
})

test('a trace names the sources of a file that has a map, and other files as they are', () => {
  const before = Error.prepareStackTrace
  try {
    traceToSources()
    inFolder((write) => {
      // The first character of the file is line 5, column 1 of its source.
      const map = { version: 3, sources: ['../src/real.ts'], names: [], mappings: 'AAIA' }
      const file = write('dist/bundle.cjs', '')
      write('dist/bundle.cjs.map', JSON.stringify(map))
      const error = new TypeError('gone')
      const frame = (name: string | undefined, text: string): NodeJS.CallSite =>
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a trace asks of a frame
        ({
          getFileName: () => name,
          getLineNumber: () => 1,
          getColumnNumber: () => 9,
          toString: () => text,
        }) as NodeJS.CallSite
      const trace: unknown = Error.prepareStackTrace?.(error, [
        frame(file.href, `fail (${file.href}:1:9)`),
        frame('node:fs', 'read (node:fs:1:9)'),
        frame(undefined, 'native'),
      ])
      const source = new URL('../src/real.ts', file).pathname
      expect(trace).toBe(
        `TypeError: gone\n    at fail (${source}:5:1)\n    at read (node:fs:1:9)\n    at native`,
      )
    })
  } finally {
    Error.prepareStackTrace = before
  }
})
