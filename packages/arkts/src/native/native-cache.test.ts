import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

import { ProjectFixture } from '../../test/project-fixture.ts'
import { hashFolder } from './native-cache.ts'

test.each([
  ['entry/src/main/cpp/zstd/build/cmake/CMakeLists.txt', true],
  ['entry/src/main/cpp/preview/a.c', true],
  ['entry/build/default/intermediates/a.c', false],
  ['entry/src/main/cpp/.git/a.c', false],
])('a change of %s makes other libraries: %s', async (path, matters) => {
  using fixture = new ProjectFixture({ [path]: '1', 'entry/build-profile.json5': '{}' })
  const before = await hashFolder(fixture.folder)
  expect(await hashFolder(fixture.folder)).toBe(before)
  writeFileSync(join(fixture.folder, path), '2')
  expect((await hashFolder(fixture.folder)) !== before).toBe(matters)
})

test.each([
  ['a file', 'core.c'],
  ['a file below a folder', 'folder/deep/core.c'],
])('a change of %s that a link leads to makes other libraries', async (_what, path) => {
  using outside = new ProjectFixture({ 'core.c': '1', 'folder/deep/core.c': '1' })
  using fixture = new ProjectFixture({
    'entry/src/main/cpp/a.c': '1',
    'entry/src/main/cpp/core.c': { link: join(outside.folder, 'core.c') },
    'entry/src/main/cpp/third': { link: join(outside.folder, 'folder') },
    'entry/src/main/cpp/gone': { link: 'nowhere' },
    'entry/src/main/cpp/around': { link: '..' },
    'entry/src/main/cpp/all': { link: '/' },
  })
  const cpp = join(fixture.folder, 'entry/src/main/cpp')
  const wanted = (name: string): boolean => name.endsWith('.c')
  const before = await hashFolder(cpp, wanted)
  expect(await hashFolder(cpp, wanted)).toBe(before)
  writeFileSync(join(outside.folder, path), '2')
  expect(await hashFolder(cpp, wanted)).not.toBe(before)
})
