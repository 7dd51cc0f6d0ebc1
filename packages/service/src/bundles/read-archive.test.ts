import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { archiveBytes, sampleArchive } from '../../test/sample-archive.ts'
import { readArchive } from './read-archive.ts'

const refuses = (archive: unknown, field: string): void => {
  expect(() => readArchive(archiveBytes(archive))).toThrow(
    expect.objectContaining({ name: 'InvalidBundle', field }),
  )
}
const module = sampleArchive().modules[0]
const ability = module?.abilities[0]

test('a good archive is read, and its hash is that of its bytes', () => {
  const bytes = archiveBytes(sampleArchive())
  const { archive, codeHash } = readArchive(bytes)
  expect(archive).toEqual(sampleArchive())
  expect(codeHash).toBe(createHash('sha256').update(bytes).digest('hex'))
})

test('what is no UTF-8 JSON object is refused', () => {
  refuses('text', 'archive')
  expect(() => readArchive(Buffer.from([0xff, 0xfe]))).toThrow(/UTF-8/)
  expect(() => readArchive(Buffer.from('{'))).toThrow(/UTF-8 JSON/)
})

test('an archive of more values than any has is refused before they are made', () => {
  const text = `{"scripts":[${'{},'.repeat(1_000_000)}{}]}`
  expect(() => readArchive(Buffer.from(text))).toThrow(/more than 250000 values/)
})

test('an unknown format and unknown members are refused', () => {
  refuses({ ...sampleArchive(), format: 2 }, 'format')
  refuses({ ...sampleArchive(), more: 1 }, 'archive')
})

test.each([
  '',
  'noDots',
  '..',
  'com..example',
  '../../etc.x',
  'com.example/vpn',
  'com.exa\0mple',
  `com.${'x'.repeat(200)}`,
])('the bundle name %j is refused', (bundleName) =>
  refuses(sampleArchive({ app: { ...sampleArchive().app, bundleName } }), 'app.bundleName'),
)

test.each(['../x', '/etc/passwd', 'a//b', 'a/./b', 'a/../../b', '..', '', 'a\0b', 'a/'])(
  'the resource path %j is refused',
  (path) => {
    expect(() => readArchive(archiveBytes(sampleArchive({ files: { [path]: '' } })))).toThrow(/^files/)
  },
)

test.each(['../x', 'a/b', '.hidden', '', 'a b'])('the script key %j is refused', (key) => {
  const scripts = { ...sampleArchive().scripts, [key]: { code: '', map: '' } }
  expect(() => readArchive(archiveBytes(sampleArchive({ scripts })))).toThrow(/^scripts/)
})

test('a file in the place of a folder is refused', () => {
  refuses(sampleArchive({ files: { 'a/b': '', a: '' } }), 'files.a/b')
  expect(
    readArchive(archiveBytes(sampleArchive({ files: { 'a/b': '', ab: '' } }))).archive.files,
  ).toHaveProperty('ab')
})

test('a name that no file system takes is refused', () => {
  refuses(sampleArchive({ files: { ['é'.repeat(128)]: '' } }), `files.${'é'.repeat(128)}`)
})

test.each(['\u001b[2K', 'a\nb', 'safe\u202egpj', '\u0000'])(
  'the label %j, which would mislead, is refused',
  (label) => {
    refuses(sampleArchive({ app: { ...sampleArchive().app, label } }), 'app.label')
    const good = sampleArchive({ app: { ...sampleArchive().app, label: 'Schön · 安全 · شبكة' } })
    expect(readArchive(archiveBytes(good)).archive.app.label).toContain('安全')
  },
)

test('what is no base64 is refused', () => {
  refuses(sampleArchive({ files: { a: 'abc' } }), 'files.a')
  refuses(sampleArchive({ files: { a: '!!!!' } }), 'files.a')
})

test('an ability leads to a script, by its own member only', () => {
  const abilities = [{ ...ability, script: 'constructor' }]
  refuses(sampleArchive({ modules: [{ ...module, abilities }] as never }), 'modules[0].abilities[0].script')
})

test('abilities and modules are found by one name each', () => {
  refuses(
    sampleArchive({ modules: [{ ...module, abilities: [ability, ability] }] as never }),
    'modules[0].abilities[1].name',
  )
  refuses(sampleArchive({ modules: [module, { ...module, abilities: [] }] as never }), 'modules[1].name')
})

test('__proto__ as a key changes nothing and names nothing', () => {
  const text = JSON.stringify(sampleArchive()).replace('"files":{', '"files":{"__proto__":"YQ==",')
  const { archive } = readArchive(Buffer.from(text))
  expect(Object.getPrototypeOf(archive.files)).toBe(Object.prototype)
  expect('polluted' in {}).toBe(false)
})

test('more files than a bundle may have are refused', () => {
  const files = Object.fromEntries(Array.from({ length: 20_001 }, (_, index) => [`f${index}`, '']))
  refuses(sampleArchive({ files }), 'files')
})
