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
