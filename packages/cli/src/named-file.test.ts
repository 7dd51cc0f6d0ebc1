import { execFileSync } from 'node:child_process'
import { constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { open, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isErrno } from '@vpnext/native'
import { exitCodes } from './exit-codes.ts'
import { readNamedFile } from './named-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-named-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const longest = 200_000
const { signal } = new AbortController()

test('a file is read whole, with its mode, up to the limit and no further', async () => {
  const path = join(folder, 'file')
  const bytes = Buffer.alloc(longest, 'vpn')
  writeFileSync(path, bytes, { mode: 0o600 })
  const read = await readNamedFile(path, longest, signal)
  expect(read.bytes.equals(bytes)).toBe(true)
  expect(read.mode & 0o777).toBe(0o600)
  await expect(readNamedFile(path, longest - 1, signal)).rejects.toMatchObject({
    exitCode: exitCodes.failure,
    message: `${path}: has more than ${longest - 1} bytes`,
  })
})

test('what never ends is given up at the limit', async () => {
  await expect(readNamedFile('/dev/zero', longest, signal)).rejects.toMatchObject({
    exitCode: exitCodes.failure,
  })
})

test('a folder and what is not there are told as such', async () => {
  await expect(readNamedFile(folder, longest, signal)).rejects.toMatchObject({
    exitCode: exitCodes.failure,
    message: `${folder} is a folder, not a file`,
  })
  for (const name of ['nothing', 'x'.repeat(5000)]) {
    await expect(readNamedFile(join(folder, name), longest, signal)).rejects.toMatchObject({
      exitCode: exitCodes.notFound,
    })
  }
})

test('a pipe is read when its writer comes, and to its end', async () => {
  const pipe = join(folder, 'pipe')
  execFileSync('mkfifo', [pipe])
  const reading = readNamedFile(pipe, longest, signal)
  const bytes = Buffer.alloc(longest, 'vpn')
  const writing = writeFile(pipe, bytes)
  expect((await reading).bytes.equals(bytes)).toBe(true)
  await writing
})

test('a pipe whose writer never comes can be given up', async () => {
  const pipe = join(folder, 'pipe')
  execFileSync('mkfifo', [pipe])
  const stop = new AbortController()
  const reading = readNamedFile(pipe, longest, stop.signal)
  stop.abort(new Error('enough'))
  await expect(reading).rejects.toMatchObject({ code: 'ABORT_ERR' })
  await expect.poll(() => writerFinds(pipe)).toBe('nobody')
})

/** fifo(7): without waiting, a pipe opens for writing only while somebody reads it. */
async function writerFinds(pipe: string): Promise<'a reader' | 'nobody'> {
  try {
    await using _writer = await open(pipe, constants.O_WRONLY | constants.O_NONBLOCK)
    return 'a reader'
  } catch (error) {
    if (isErrno(error, 'ENXIO')) return 'nobody'
    throw error
  }
}
