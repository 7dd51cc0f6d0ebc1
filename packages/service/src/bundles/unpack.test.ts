import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sampleArchive } from '../../test/sample-archive.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { unpack } from './unpack.ts'

/** Larger than what is written in one go. */
const content = Buffer.alloc(1_000_000, 'vpnext').toString('base64')
const many = Object.fromEntries(
  Array.from({ length: 20 }, (_, index) => [`rawfile/${index % 3}/${index}`, content]),
)
const openFiles = (): number => readdirSync('/proc/self/fd').length

test('every file of many is written whole, in its folder', async () => {
  using folder = temporaryFolder()
  const place = join(folder.path, 'bundle')
  await unpack(sampleArchive({ files: many }), place)
  const written = Object.keys(many).map((path) => readFileSync(join(place, 'resources', path), 'base64'))
  expect(written.every((bytes) => bytes === content)).toBe(true)
})

test('when one cannot be written, no other one is still being written', async () => {
  using folder = temporaryFolder()
  const before = openFiles()
  const archive = sampleArchive({ files: { 'a file': '', ...many, 'a file/below': '' } })
  await expect(unpack(archive, join(folder.path, 'bundle'))).rejects.toMatchObject({ code: 'EEXIST' })
  expect(openFiles()).toBe(before)
})
