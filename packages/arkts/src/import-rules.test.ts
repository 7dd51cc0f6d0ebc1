import { rmSync } from 'node:fs'
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
