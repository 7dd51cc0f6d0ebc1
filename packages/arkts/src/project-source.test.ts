import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { ProjectFixture } from '../test/project-fixture.ts'
import { ProjectError } from './project-error.ts'
import { openProjectSource } from './project-source.ts'
import { readProject } from './project.ts'
import { ArchiveError } from './archive-entry.ts'
import { readZipEntries } from './zip-entries.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnext-zip-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Python's own zip, so that ours is not read by what it was written with. */
function python(code: string, ...args: string[]): void {
  const { status, stderr } = spawnSync('python3', ['-c', `import sys, zipfile, os\n${code}`, ...args], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
}

const zipFolder = `
target, source, prefix, method = sys.argv[1:]
with zipfile.ZipFile(target, 'w', int(method)) as archive:
  for place, _, names in os.walk(source):
    for name in names:
      path = os.path.join(place, name)
      archive.write(path, prefix + os.path.relpath(path, source))
`

/** What lies in the temporary folder that zips are unpacked into. */
function unpacked(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('vpnext-project-'))
}

test.each([
  ['stored, at the top', '0', ''],
  ['deflated, in a folder', '8', 'MyVpn-main/'],
])('opens a zip: %s', async (_title, method, prefix) => {
  using fixture = new ProjectFixture()
  const zip = join(folder, 'project.zip')
  python(zipFolder, zip, fixture.folder, prefix, method)
  const before = unpacked()
  {
    await using source = await openProjectSource(zip)
    const project = await readProject(source.folder)
    expect(project.app.bundleName).toBe('com.example.vpn')
    const entry = 'entry/src/main/ets/MyVpn.ets'
    expect(readFileSync(join(source.folder, entry))).toEqual(readFileSync(join(fixture.folder, entry)))
    expect(unpacked().length).toBe(before.length + 1)
  }
  expect(unpacked()).toEqual(before)
})

const oddZip = `
target, source, kind = sys.argv[1:]
class Info(zipfile.ZipInfo):
  def _encodeFilenameFlags(self): return self.filename.encode(kind), 0
with zipfile.ZipFile(target, 'w', 8) as archive:
  for place, _, names in os.walk(source):
    for name in names:
      path = os.path.join(place, name)
      inner = 'MyVpn/' + os.path.relpath(path, source)
      info = zipfile.ZipInfo('x') if kind == 'backslash' else Info('x')
      info.filename = inner.replace('/', chr(92)) if kind == 'backslash' else inner
      info.create_system = 0
      archive.writestr(info, open(path, 'rb').read())
  if kind == 'backslash':
    info = zipfile.ZipInfo('x')
    info.filename = 'MyVpn' + chr(92) + 'empty' + chr(92)
    archive.writestr(info, b'')
`

test.each(['backslash', 'gbk', 'utf8'])(
  'opens a zip as programs of Windows and macOS write it: %s',
  async (kind) => {
    const other = 'entry/src/main/resources/rawfile/说明 文件.txt'
    using fixture = new ProjectFixture({ [other]: 'text' })
    const zip = join(folder, 'project.zip')
    python(oddZip, zip, fixture.folder, kind)
    await using source = await openProjectSource(zip)
    expect((await readProject(source.folder)).app.bundleName).toBe('com.example.vpn')
    expect(readFileSync(join(source.folder, other), 'utf8')).toBe('text')
  },
)

test('what macOS adds is no project, and of two side by side none is taken', async () => {
  const zip = join(folder, 'two.zip')
  const scopes = (...tops: string[]): string =>
    `archive = zipfile.ZipFile(sys.argv[1], 'w')\n${tops.map((top) => `archive.writestr('${top}AppScope/app.json5', '{}')`).join('\n')}`
  python(scopes('__MACOSX/', 'a/', 'a/entry/build/'), zip)
  {
    await using source = await openProjectSource(zip)
    expect(source.folder).toMatch(/\/a$/)
  }
  python(scopes('b/', 'a/'), zip)
  await expect(openProjectSource(zip)).rejects.toThrow(/two\.zip: holds several projects: b, a /)
})

test('a folder is itself', async () => {
  await using source = await openProjectSource(folder)
  expect(source.folder).toBe(folder)
})

const write = (entries: string): string => `
with zipfile.ZipFile(sys.argv[1], 'w', 8) as archive:
  archive.writestr('AppScope/app.json5', '{}')
${entries
  .split('\n')
  .map((line) => `  ${line}`)
  .join('\n')}
`

test.each([
  [
    'a path upwards',
    `archive.writestr('../outside', 'x')`,
    /"\.\.\/outside": is a path that could lead outside/,
  ],
  ['a hidden path upwards', `archive.writestr('a/../../b', 'x')`, /could lead outside/],
  ['a path of Windows', `archive.writestr('a\\\\..\\\\..\\\\b', 'x')`, /could lead outside/],
  ['an absolute path', `archive.writestr('/tmp/vpnext-outside', 'x')`, /could lead outside/],
  [
    'a link',
    `info = zipfile.ZipInfo('a')\ninfo.external_attr = 0o120777 << 16\narchive.writestr(info, '/etc')`,
    /a: is a link/,
  ],
  ['a file twice', `archive.writestr('a', '1')\narchive.writestr('a', '2')`, /a: is there twice/],
])('refuses %s, and leaves nothing behind', async (_title, entries, message) => {
  const zip = join(folder, 'bad.zip')
  python(`import warnings\nwarnings.simplefilter('ignore')${write(entries)}`, zip)
  const before = unpacked()
  await expect(openProjectSource(zip)).rejects.toThrow(message)
  expect(unpacked()).toEqual(before)
})

test('refuses what is no zip, or holds no project', async () => {
  const zip = join(folder, 'x.zip')
  writeFileSync(zip, 'this is no archive, but it has more bytes than the end of one')
  await expect(openProjectSource(zip)).rejects.toThrow(ProjectError)
  await expect(openProjectSource(zip)).rejects.toThrow(/is not a zip archive/)
  python(`zipfile.ZipFile(sys.argv[1], 'w').writestr('readme', 'x')`, zip)
  await expect(openProjectSource(zip)).rejects.toThrow(/there is no AppScope\/app\.json5/)
})

/** A zip of one file of 20 MB of zeros, with the size in the directory changed. */
function zeros(size: number): Buffer {
  const zip = join(folder, 'zeros.zip')
  python(`zipfile.ZipFile(sys.argv[1], 'w', 8).writestr('AppScope/app.json5', bytes(20_000_000))`, zip)
  const archive = readFileSync(zip)
  archive.writeUInt32LE(size, archive.lastIndexOf('PK\u0001\u0002', undefined, 'latin1') + 24)
  return archive
}

test('a file that is larger than it says is not unpacked', () => {
  expect(() => readZipEntries(zeros(1000))[0]?.read()).toThrow(/larger than the archive says/)
  expect(readZipEntries(zeros(20_000_000))[0]?.read().length).toBe(20_000_000)
})

test('an archive that says it is too large is not unpacked', async () => {
  const zip = join(folder, 'bomb.zip')
  writeFileSync(zip, zeros(4_000_000_000))
  await expect(openProjectSource(zip)).rejects.toThrow(/which is too much/)
})

test('any bytes are read, or refused with a ArchiveError', () => {
  const zip = join(folder, 'small.zip')
  python(`zipfile.ZipFile(sys.argv[1], 'w', 8).writestr('a', 'some text, some text')`, zip)
  const good = readFileSync(zip)
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 8 }),
      fc.nat(good.length),
      (changes, length) => {
        const archive = Buffer.from(good)
        for (const [at, value] of changes) archive[at] = value
        try {
          for (const entry of readZipEntries(archive.subarray(0, length))) entry.read()
        } catch (error) {
          expect(error).toBeInstanceOf(ArchiveError)
        }
      },
    ),
    { numRuns: 2000 },
  )
})
