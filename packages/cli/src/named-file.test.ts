import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { exitCodes } from './exit-codes.ts'
import { readNamedFile } from './named-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-named-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const longest = 200_000

test('a file is read whole, with its mode, up to the limit and no further', async () => {
  const path = join(folder, 'file')
  const bytes = Buffer.alloc(longest, 'vpn')
  writeFileSync(path, bytes, { mode: 0o600 })
  const read = await readNamedFile(path, longest)
  expect(read.bytes.equals(bytes)).toBe(true)
  expect(read.mode & 0o777).toBe(0o600)
  await expect(readNamedFile(path, longest - 1)).rejects.toMatchObject({
    exitCode: exitCodes.failure,
    message: `${path}: has more than ${longest - 1} bytes`,
  })
})

test('what never ends is given up at the limit', async () => {
  await expect(readNamedFile('/dev/zero', longest)).rejects.toMatchObject({ exitCode: exitCodes.failure })
})

test('a folder and what is not there are told as such', async () => {
  await expect(readNamedFile(folder, longest)).rejects.toMatchObject({
    exitCode: exitCodes.failure,
    message: `${folder} is a folder, not a file`,
  })
  for (const name of ['nothing', 'x'.repeat(5000)]) {
    await expect(readNamedFile(join(folder, name), longest)).rejects.toMatchObject({
      exitCode: exitCodes.notFound,
    })
  }
})
