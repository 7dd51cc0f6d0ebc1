import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { recordingContext } from '../../test/recording-context.ts'
import { addBmGet } from './bm-get.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-udid-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

async function udidOf(machineId: string): Promise<string> {
  const file = join(folder, 'machine-id')
  writeFileSync(file, machineId)
  const context = recordingContext()
  const bm = new Command('bm')
  addBmGet(bm, context, file)
  await bm.parseAsync(['get', '-u'], { from: 'user' })
  return context.output()
}

test('a machine has a udid of 64 digits, always the same, that does not tell its machine-id', async () => {
  const [one, other] = ['0123456789abcdef0123456789abcdef\n', 'fedcba9876543210fedcba9876543210\n']
  const told = await udidOf(one)
  expect(told).toMatch(/^udid of current device is :\n[0-9A-F]{64}\n$/)
  expect(told.toLowerCase()).not.toContain('0123456789abcdef')
  expect(await udidOf(one)).toBe(told)
  expect(await udidOf(other)).not.toBe(told)
})

test.each(['', 'uninitialized\n'])('a machine without an id has none: %j', async (text) => {
  await expect(udidOf(text)).rejects.toThrow('error: failed to get udid')
})
