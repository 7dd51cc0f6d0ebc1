import { rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ProjectFixture, entrySource } from '../test/project-fixture.ts'
import { isKit } from './import-names.ts'
import { ImportResolver } from './import-rules.ts'
import { ProjectFolder } from './project-folder.ts'

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
  ).toMatchObject({ errors: [{ text: `${large} has 67108865 bytes, more than 67108864` }] })
})
