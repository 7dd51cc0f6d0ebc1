import { realpathSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ProjectFixture, entrySource } from '../test/project-fixture.ts'
import { compileProject } from './compile.ts'
import { isKit } from './import-names.ts'
import { ImportResolver } from './import-rules.ts'
import { ProjectFolder } from './project-folder.ts'
import { readProject } from './project.ts'
import { SourceFiles } from './source-files.ts'

test.each([
  '@kit.NetworkKit',
  '@ohos.net.vpnExtension',
  '@ohos:hilog',
  '@vpnext/packet',
  '@vpnext/wireguard',
  '@ohos/hypium',
  '@ohos/hamock',
])('%s is left to the host', (path) => {
  expect(isKit(path)).toBe(true)
})

test.each([
  '@vpnext/native',
  '@vpnext/packet/src/index.ts',
  '@vpnext/wireguardx',
  '@ohos/hamock/src/main',
  '@kit',
  './@vpnext/packet',
])('%s is not', (path) => {
  expect(isKit(path)).toBe(false)
})

test('a file that cannot be read is told where it is imported', async () => {
  const gone = 'entry/src/main/ets/Gone.ets'
  using fixture = new ProjectFixture({ [gone]: '' })
  const folder = await ProjectFolder.open(fixture.folder)
  const resolver = new ImportResolver(folder, { buildProfile: () => '' })
  const importer = join(folder.root, entrySource)
  const ask = (path: string): Promise<object> =>
    resolver.resolve({ path, kind: 'import-statement', importer })
  expect(await ask('./MyVpn')).toMatchObject({ path: importer })
  rmSync(join(folder.root, gone))
  expect(await ask('./Gone')).toMatchObject({
    errors: [{ text: expect.stringContaining(`${gone} cannot be read: ENOENT`) }],
  })
})

test.each(['ets', 'json'])('a .%s file that no bundle has room for is not read', async (extension) => {
  const large = `entry/src/main/ets/Large.${extension}`
  using fixture = new ProjectFixture({ [large]: '' })
  const folder = await ProjectFolder.open(fixture.folder)
  const resolver = new ImportResolver(folder, { buildProfile: () => '' })
  const importer = join(folder.root, entrySource)
  // All holes, which are next to nothing in an archive.
  truncateSync(join(folder.root, large), 2 ** 26 + 1)
  expect(
    await resolver.resolve({ path: `./Large.${extension}`, kind: 'import-statement', importer }),
  ).toMatchObject({
    errors: [{ text: `${large} has 67108865 bytes, more than 67108864, the most that a bundle may have` }],
  })
})

test('esbuild does not look by itself where there is one, and it is told at its import', async () => {
  using fixture = new ProjectFixture({
    'entry/src/main/ets/Large.js': '',
    'entry/src/main/resources/rawfile/film.mp4': '',
    [entrySource]: `import { VpnExtensionAbility } from '@kit.NetworkKit'
import large from './Large'
export default class MyVpn extends VpnExtensionAbility { onCreate() { large() } }`,
  })
  const root = realpathSync(fixture.folder)
  truncateSync(join(root, 'entry/src/main/resources/rawfile/film.mp4'), 2 ** 26 + 1)
  expect(new SourceFiles().plainFolders(root, [entrySource])).toEqual([join(root, 'entry/src/main')])
  truncateSync(join(root, 'entry/src/main/ets/Large.js'), 2 ** 26 + 1)
  expect(new SourceFiles().plainFolders(root, [entrySource])).toBeUndefined()
  rmSync(join(root, 'entry/src/main/resources'), { recursive: true })
  await expect(readProject(root).then((project) => compileProject(project))).rejects.toThrow(
    /^entry\/src\/main\/ets\/MyVpn\.ets:2:19: entry\/src\/main\/ets\/Large\.js has 67108865 bytes, more than/,
  )
})

test('an entry that is too large is told at its own file', async () => {
  using fixture = new ProjectFixture()
  truncateSync(join(fixture.folder, entrySource), 2 ** 26 + 1)
  await expect(readProject(fixture.folder).then((project) => compileProject(project))).rejects.toThrow(
    /^entry\/src\/main\/ets\/MyVpn\.ets: entry\/src\/main\/ets\/MyVpn\.ets has 67108865 bytes/,
  )
})
