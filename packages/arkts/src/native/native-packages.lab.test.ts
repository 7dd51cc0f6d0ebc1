import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'

import { ProjectFixture } from '../../test/project-fixture.ts'
import { readProject } from '../project.ts'
import { buildNativeModules } from './build-native.ts'
import { readElf } from './elf-file.ts'

// Compilers on a busy machine.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

const module = (name: string): string =>
  `{ "module": { "name": "${name}", "type": "har", "deviceTypes": ["phone"] } }`

/** The entry's code is linked with that of two libraries, of which one is linked with the other. */
const files = {
  'build-profile.json5': `{ app: {}, modules: [{ name: 'entry', srcPath: './entry' },
    { name: 'tunnel', srcPath: './tunnel' }, { name: 'crypto', srcPath: './crypto' }] }`,
  'entry/oh-package.json5': "{ name: 'entry', dependencies: { '@example/tun': 'file:../tunnel' } }",
  'tunnel/oh-package.json5': "{ name: '@example/tun', dependencies: { crypto: 'file:../crypto' } }",
  'crypto/oh-package.json5': "{ name: 'crypto' }",
  'tunnel/src/main/module.json5': module('tunnel'),
  'crypto/src/main/module.json5': module('crypto'),
  'tunnel/build-profile.json5': "{ buildOption: { nativeLib: { headerPath: ['./src/main/cpp/include'] } } }",
  'crypto/build-profile.json5': "{ buildOption: { nativeLib: { headerPath: 'src/main/cpp/include' } } }",
  'crypto/src/main/cpp/include/crypto/box.h': '#define BOX 3\nextern "C" int box(void);\n',
  'crypto/src/main/cpp/box.cpp': '#include "include/crypto/box.h"\nint box() { return BOX; }\n',
  'crypto/src/main/cpp/CMakeLists.txt': `cmake_minimum_required(VERSION 3.5)
project(crypto CXX)
add_library(box SHARED box.cpp)
`,
  'tunnel/src/main/cpp/include/tunnel.h': '#include <crypto/box.h>\nextern "C" int tunnel(void);\n',
  'tunnel/src/main/cpp/tunnel.cpp': '#include "include/tunnel.h"\nint tunnel() { return box() + 1; }\n',
  'tunnel/src/main/cpp/CMakeLists.txt': `cmake_minimum_required(VERSION 3.5)
project(tunnel CXX)
find_package(crypto REQUIRED CONFIG)
add_library(tunnel SHARED tunnel.cpp)
target_link_libraries(tunnel PUBLIC crypto::box)
`,
  'entry/src/main/cpp/entry.cpp': '#include <tunnel.h>\nint all() { return tunnel() + box(); }\n',
  'entry/src/main/cpp/CMakeLists.txt': `cmake_minimum_required(VERSION 3.5)
project(entry CXX)
if(DEFINED PACKAGE_FIND_FILE)
    include(\${PACKAGE_FIND_FILE})
endif()
add_library(entry SHARED entry.cpp)
target_link_libraries(entry PUBLIC tun::tunnel crypto::box)
`,
}

const folder = mkdtempSync(join(tmpdir(), 'vpnext-packages-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('native code is linked with that of local libraries by their names, whose headers it finds', async () => {
  using project = new ProjectFixture(files)
  const build = async (): Promise<[string, boolean, string[]][]> => {
    const builds = await buildNativeModules(await readProject(project.folder), { cacheFolder: folder })
    return builds.map(({ moduleName, cached, libraries }) => [
      moduleName,
      cached,
      [...libraries].flatMap(([name, bytes]) => [
        name,
        ...(readElf(bytes)?.needed ?? []).filter((one) => /box|tunnel/.test(one)),
      ]),
    ])
  }
  const expected = (cached: boolean): unknown => [
    ['crypto', cached, ['libbox.so']],
    ['tunnel', cached, ['libtunnel.so', 'libbox.so']],
    ['entry', cached, ['libentry.so', 'libtunnel.so', 'libbox.so']],
  ]
  expect(await build()).toEqual(expected(false))
  expect(await build()).toEqual(expected(true))
})
