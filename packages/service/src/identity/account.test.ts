import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { accountOf } from './account.ts'

test('an account has its group and those that list it', () => {
  using folder = temporaryFolder()
  const files = { passwdFile: folder.in('passwd'), groupFile: folder.in('group') }
  writeFileSync(files.passwdFile, 'root:x:0:0::/root:/bin/sh\nada:x:1000:990:Ada:/home/ada:/bin/sh\n\n')
  writeFileSync(files.groupFile, 'sudo:x:27:bob,ada\nvpnext:x:990:\naudio:x:29:adam\nodd:x:x:ada\n')
  expect(accountOf(1000, files)).toEqual({ uid: 1000, gid: 990, groups: [27] })
  expect(accountOf(0, files)).toEqual({ uid: 0, gid: 0, groups: [] })
})

test('an account that the files do not know has no groups', () => {
  const files = { passwdFile: '/nonexistent', groupFile: '/nonexistent' }
  expect(accountOf(1234, files)).toEqual({ uid: 1234, gid: 1234, groups: [] })
})
