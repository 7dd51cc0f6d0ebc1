import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runInThisContext } from 'node:vm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { traceToSources } from './trace-to-sources.ts'

const { prepareStackTrace } = Error
let folder: string
let bundle: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-trace-'))
  bundle = join(folder, 'bundle.mjs')
})
afterEach(() => {
  Error.prepareStackTrace = prepareStackTrace
  rmSync(folder, { recursive: true })
})

function stack(): string {
  traceToSources()
  const { href } = pathToFileURL(bundle)
  return String(runInThisContext('new Error("told").stack', { filename: href }))
}

test('a frame is that of the source', () => {
  // Everything is line 1, column 0 of the source: "AAAA" in base64 VLQ.
  const map = { version: 3, sources: ['source.ts'], names: [], mappings: 'AAAA' }
  writeFileSync(`${bundle}.map`, JSON.stringify(map))
  expect(stack()).toContain(`${join(folder, 'source.ts')}:1:1`)
})

test.each([
  ['is damaged', '{'],
  ['is none', '{"version":3}'],
])('where the map %s, a trace still tells the error, and the frame as it is', (_what, map) => {
  writeFileSync(`${bundle}.map`, map)
  const told = stack()
  expect(told).toContain('Error: told')
  expect(told).toContain('bundle.mjs:1:')
})
