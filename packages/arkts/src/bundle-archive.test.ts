import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

import { bundleArchive } from '@vpnext/service/protocol'
import type { BundleArchive } from '@vpnext/service/protocol'

import { ProjectFixture } from '../test/project-fixture.ts'
import { packBundle } from './bundle-archive.ts'
import { compileProject } from './compile.ts'
import { readProject } from './project.ts'

const helloVpn = fileURLToPath(new URL('../../../apps/hello-vpn', import.meta.url))

async function pack(folder: string): Promise<Uint8Array> {
  return packBundle(await compileProject(await readProject(folder)))
}

function read(bytes: Uint8Array): BundleArchive {
  return bundleArchive.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

describe('packBundle', () => {
  test('packs the sample project', async () => {
    const archive = read(await pack(helloVpn))
    expect(archive.app).toMatchObject({ bundleName: 'io.vpnext.hello', label: 'Hello VPN' })
    expect(archive.modules[0]?.abilities).toMatchObject([
      { name: 'EntryAbility', kind: 'page', type: '', script: 'EntryAbility' },
      {
        name: 'HelloVpnAbility',
        kind: 'extension',
        type: 'vpn',
        script: 'HelloVpnAbility',
        exportName: 'default',
      },
    ])
    expect(archive.modules[0]?.permissions).toEqual(['ohos.permission.INTERNET'])
    expect(archive.kits).toEqual(['@kit.CoreFileKit', '@kit.NetworkKit', '@kit.PerformanceAnalysisKit'])
    expect(archive.natives).toEqual([])
    expect(archive.scripts['EntryAbility']).toEqual({ code: '', map: '' })
    expect(archive.scripts['HelloVpnAbility']?.code).toContain('createVpnConnection')
    expect(Object.keys(archive.files)).toContain('entry/base/profile/main_pages.json')
  })

  test('a library is a module of its own when it has tests', async () => {
    using fixture = new ProjectFixture({
      'build-profile.json5': `{ modules: [ { name: 'entry', srcPath: './entry' }, { name: 'core', srcPath: './core' },
        { name: 'plain', srcPath: './plain' } ] }`,
      'core/src/main/module.json5': `{ module: { name: 'core', type: 'har' } }`,
      'core/src/main/resources/rawfile/own.txt': 'own',
      'core/src/ohosTest/ets/test/List.test.ets': `export default function testsuite() {}`,
      'plain/src/main/module.json5': `{ module: { name: 'plain', type: 'har' } }`,
      'plain/src/main/resources/rawfile/own.txt': 'own',
    })
    const project = await readProject(fixture.folder)
    const archive = read(packBundle(await compileProject(project, { tests: true })))
    expect(archive.modules.map(({ name, testSuite }) => [name, testSuite])).toEqual([
      ['entry', undefined],
      ['core', 'core-ohosTest'],
    ])
    const own = Object.keys(archive.files).filter((name) => name.endsWith('/own.txt'))
    expect(own).toEqual(['core/rawfile/own.txt'])
    expect(read(await pack(fixture.folder)).modules.map(({ name }) => name)).toEqual(['entry'])
  })

  test('gives the same bytes wherever and whenever the project lies, and others when it changes', async () => {
    const raw = 'entry/src/main/resources/rawfile/x.bin'
    using one = new ProjectFixture({ [raw]: 'x' })
    using two = new ProjectFixture({ [raw]: 'x' })
    using other = new ProjectFixture({ [raw]: 'y' })
    const first = await pack(one.folder)
    expect(hash(await pack(two.folder))).toBe(hash(first))
    expect(hash(await pack(other.folder))).not.toBe(hash(first))
    expect(new TextDecoder().decode(first)).not.toContain(one.folder)
  })

  test('sorts the keys', async () => {
    using fixture = new ProjectFixture()
    const archive = JSON.parse(new TextDecoder().decode(await pack(fixture.folder))) as BundleArchive
    for (const part of [archive, archive.app]) expect(Object.keys(part)).toEqual(Object.keys(part).toSorted())
  })

  test('says what takes the room where there is too little', async () => {
    using fixture = new ProjectFixture({ 'entry/src/main/resources/rawfile/small.bin': 'x'.repeat(3000) })
    const compiled = await compileProject(await readProject(fixture.folder))
    const libraries = new Map([['libcore.so', new Uint8Array(51 * 2 ** 20)]])
    expect(() => packBundle(compiled, { modules: [], libraries, standIns: new Map() })).toThrow(
      /^\.: the bundle has \d+ bytes, more than 67108864: libcore\.so 71303168, (?:code of MyVpn|entry\/rawfile\/small\.bin) \d+.*strip --strip-unneeded/,
    )
  })

  test('refuses a resource whose name the archive cannot hold', async () => {
    using fixture = new ProjectFixture({ [`entry/src/main/resources/rawfile/${'long/'.repeat(110)}x`]: 'x' })
    await expect(pack(fixture.folder)).rejects.toThrow(/the archive is refused: files/)
  })

  test('says that a project of libraries alone has nothing to install', async () => {
    using fixture = new ProjectFixture({
      'entry/src/main/module.json5': `{ module: { name: 'entry', type: 'har' } }`,
    })
    await expect(pack(fixture.folder)).rejects.toThrow(
      /^build-profile\.json5: there is no module to install: those of type har are part of others/,
    )
  })
})
