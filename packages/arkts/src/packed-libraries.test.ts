import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { ProjectFixture, entrySource } from '../test/project-fixture.ts'
import { ArchiveError } from './archive-entry.ts'
import { compileProject } from './compile.ts'
import type { CompiledProject } from './compile.ts'
import { readProject } from './project.ts'
import { readTarEntries } from './tar-entries.ts'

const library = {
  'package/oh-package.json5': `{ name: '@x/packed', main: 'Main.ets', dependencies: { inner: '1.0.0' } }`,
  'package/Main.ets': `import { deep } from '@x/packed/src/main/ets/deep'\nimport { inner } from 'inner'\n@Concurrent\nexport function part() { return deep + inner }`,
  'package/src/main/ets/deep.ts': `import data from './data.json'\nexport const deep: string = 'deep ' + data.text`,
  'package/src/main/ets/data.json': '{ "text": "in a packed library " }',
  'package/src/main/ets/types.d.ets': 'export interface Only {}',
  [`package/${'long/'.repeat(30)}file.ets`]: 'export const far = 1',
}

/** Packs files as tar does. @param format of tar's long names */
function pack(
  files: Readonly<Record<string, string>>,
  format: 'pax' | 'gnu' | 'ustar',
  more: (folder: string) => void = () => undefined,
): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'vpnext-har-test-'))
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    more(folder)
    return execFileSync('tar', ['-cz', `--format=${format}`, '-C', folder, 'package'])
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const unpackedFolders = (): string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('vpnext-packed-'))

async function compile(har: Buffer): Promise<CompiledProject> {
  using fixture = new ProjectFixture({
    'entry/oh-package.json5': `{ dependencies: { '@x/packed': 'file:./libs/x.har' } }`,
    'entry/oh_modules/inner/Index.ets': `export const inner = 'with a dependency'`,
    'entry/libs/x.har': '',
    [entrySource]: `import { VpnExtensionAbility } from '@kit.NetworkKit'
import { part } from '@x/packed'
import { far } from '@x/packed/${'long/'.repeat(30)}file'
export default class MyVpn extends VpnExtensionAbility { static all = [part(), far] }`,
  })
  writeFileSync(join(fixture.folder, 'entry/libs/x.har'), har)
  return await compileProject(await readProject(fixture.folder))
}

test('a packed library without code is told where it lies', async () => {
  const compiled = pack(
    {
      'package/oh-package.json5': `{ name: '@x/packed', main: 'Index.ets' }`,
      'package/Index.d.ets': 'export declare function part(): string',
      'package/ets/modules.abc': 'PANDA',
    },
    'pax',
  )
  await expect(compile(compiled)).rejects.toThrow(
    'the package @x/packed in entry/libs/x.har is compiled for the device (ets/modules.abc), and has no source',
  )
  const empty = pack({ 'package/oh-package.json5': `{ name: '@x/packed' }` }, 'pax')
  await expect(compile(empty)).rejects.toThrow('the package @x/packed in entry/libs/x.har has no main file')
})

test.each(['pax', 'gnu'] as const)(
  'a packed library is imported like a folder, wherever it was unpacked: %s',
  async (format) => {
    const before = unpackedFolders()
    const har = pack(library, format)
    const [one, other] = [await compile(har), await compile(har)]
    const script = one.entries.get('MyVpn')
    const module = { exports: {} as { default?: { all: unknown } } }
    runInNewContext(script?.code ?? '', { module, require: () => ({ VpnExtensionAbility: Object }) })
    expect(module.exports.default?.all).toEqual(['deep in a packed library with a dependency', 1])
    expect(script?.map).toContain('"entry/libs/x.har/Main.ets"')
    expect(script).toMatchObject({
      code: other.entries.get('MyVpn')?.code,
      map: other.entries.get('MyVpn')?.map,
    })
    expect(unpackedFolders()).toEqual(before)
  },
)

test('what could write elsewhere, or is no library, is refused by the name of the archive', async () => {
  const before = unpackedFolders()
  const refused = async (har: Buffer, reason: RegExp): Promise<void> => {
    await expect(compile(har)).rejects.toThrow(reason)
  }
  const linked = pack(library, 'gnu', (folder) => symlinkSync('/etc', join(folder, 'package/etc')))
  await refused(linked, /entry\/libs\/x\.har.*package\/etc: is a link/s)
  // The same length, and a checksum that differs by what the letters differ.
  await refused(renamed('package/aa/Main.ets', 'package/../Main.ets'), /could lead outside/)
  await refused(renamed('package/Main.ets', '/ackage/Main.ets'), /could lead outside|holds no package/)
  await refused(gzipSync(Buffer.alloc(1024, '1')), /is damaged, or no tar archive/)
  await refused(Buffer.from('no archive'), /is no packed archive/)
  await refused(pack({ 'package/a': 'x' }, 'ustar').subarray(0, 60), /is no packed archive/)
  expect(unpackedFolders()).toEqual(before)
})

/** A library of one file, renamed after it was packed. */
function renamed(from: string, to: string): Buffer {
  const header = Buffer.alloc(512)
  header.write(to)
  header.write('0000644\0', 100)
  header.write('00000000000\0', 124)
  header.write('0', 156)
  header.write('ustar\x0000', 257)
  header.fill(' ', 148, 156)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  expect(to).toHaveLength(from.length)
  const inside = Buffer.from(header)
  inside.fill(0, 0, 100)
  inside.write('package/x')
  inside.fill(' ', 148, 156)
  inside.write(
    `${inside
      .reduce((total, byte) => total + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  )
  return gzipSync(Buffer.concat([inside, header, Buffer.alloc(1024)]))
}

test('any bytes are read, or refused with an ArchiveError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2048 }), fc.nat(511), fc.nat(255), (bytes, at, value) => {
      const valid = Buffer.alloc(1024)
      valid.set(bytes.subarray(0, 1024))
      valid[at] = value
      for (const archive of [Buffer.from(bytes), gzipSync(bytes), gzipSync(valid)]) {
        try {
          readTarEntries(archive).map((entry) => entry.read())
        } catch (error) {
          expect(error).toBeInstanceOf(ArchiveError)
        }
      }
    }),
  )
})
