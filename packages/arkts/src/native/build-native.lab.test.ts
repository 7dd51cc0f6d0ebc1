import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { ProjectFixture } from '../../test/project-fixture.ts'
import { readProject } from '../project.ts'
import { buildNativeModules } from './build-native.ts'
import { readElf } from './elf-file.ts'
import { prepareNativeModules } from './native-modules.ts'
import { machineAbi } from './tool-chain-file.ts'

// Compilers on a busy machine.
vi.setConfig({ testTimeout: 300_000 })

let cacheFolder: string
beforeAll(() => {
  cacheFolder = mkdtempSync(join(tmpdir(), 'vpnext-build-native-'))
})
afterAll(() => rmSync(cacheFolder, { recursive: true }))

test('a library that the project does not make any more is not taken from the build before', async () => {
  const script = 'entry/src/main/cpp/CMakeLists.txt'
  const making = (...names: string[]): string =>
    [
      'cmake_minimum_required(VERSION 3.5)',
      'project(x C)',
      ...names.map((name) => `add_library(${name} SHARED x.c)`),
    ].join('\n')
  using fixture = new ProjectFixture({
    [script]: making('before', 'kept'),
    'entry/src/main/cpp/x.c': 'int x(void) { return 1; }\n',
  })
  const build = async (): Promise<string[]> => {
    const builds = await buildNativeModules(await readProject(fixture.folder), { cacheFolder })
    return builds.flatMap(({ libraries }) => [...libraries.keys()])
  }
  expect(await build()).toEqual(['libbefore.so', 'libkept.so'])
  writeFileSync(join(fixture.folder, script), making('after', 'kept'))
  expect(await build()).toEqual(['libafter.so', 'libkept.so'])
})

test('assembler beside code that needs our headers, with options and words that only clang knows', async () => {
  const cpp = 'entry/src/main/cpp'
  using fixture = new ProjectFixture({
    [`${cpp}/CMakeLists.txt`]: [
      'cmake_minimum_required(VERSION 3.5)',
      'project(x C CXX ASM)',
      'add_compile_options(-Wthread-safety -ferror-limit=5)',
      'add_library(x SHARED x.cpp y.S)',
    ].join('\n'),
    [`${cpp}/x.cpp`]: `#define NAPI_EXPERIMENTAL
#include "napi/native_api.h"
napi_status wrap(napi_env env, napi_value object, void *data) {
    return napi_wrap(env, object, data, [](napi_env, void *, void *) {}, nullptr, nullptr);
}
extern "C" int y(void);
#if defined(__has_feature) && __has_feature(address_sanitizer) && __has_extension(blocks)
#error
#endif
static int first(const char *_Nonnull text, const char *_Nullable) { return text[0]; }
std::deque<int> line(y() + first("", nullptr));
`,
    [`${cpp}/y.S`]:
      '#ifdef __OHOS__\n.text\n.globl y\ny:\n.long 0\n#endif\n.section .note.GNU-stack,"",%progbits\n',
  })
  const [build] = await buildNativeModules(await readProject(fixture.folder), { cacheFolder })
  expect([build?.prelude, [...(build?.libraries.keys() ?? [])]]).toEqual([true, ['libx.so']])
})

test.skipIf(machineAbi() === 'arm64-v8a').each([
  [
    'an imported library',
    [
      'add_library(c SHARED IMPORTED)',
      'set_target_properties(c PROPERTIES IMPORTED_LOCATION ${CORE}/libcore.so)',
      'target_link_libraries(x PUBLIC c)',
    ],
  ],
  ['a file', ['target_link_libraries(x PUBLIC ${CORE}/libcore.so)']],
  ['a folder', ['target_link_directories(x PRIVATE ${CORE})', 'target_link_libraries(x PUBLIC core)']],
])('%s of the device’s processor is that of this machine, where it is there', async (_what, lines) => {
  const cpp = 'entry/src/main/cpp'
  const head = ['cmake_minimum_required(VERSION 3.5)', 'project(x C)']
  using core = new ProjectFixture({
    // Without a name of its own, as those of Go and of Rust.
    [`${cpp}/CMakeLists.txt`]: [
      ...head,
      'add_library(core SHARED core.c)',
      'set_target_properties(core PROPERTIES NO_SONAME TRUE)',
    ].join('\n'),
    [`${cpp}/core.c`]: 'int core(void) { return 1; }\n',
  })
  const [made] = await buildNativeModules(await readProject(core.folder), { cacheFolder })
  using fixture = new ProjectFixture({
    [`${cpp}/CMakeLists.txt`]: [
      ...head,
      'add_library(x SHARED x.c)',
      'set(CORE ${CMAKE_CURRENT_SOURCE_DIR}/../../../libs/arm64-v8a)',
      ...lines,
    ].join('\n'),
    [`${cpp}/x.c`]: 'int core(void);\nint x(void) { return core(); }\n',
    'entry/libs/arm64-v8a/libcore.so': 'of the device',
  })
  const own = join(fixture.folder, 'entry/libs', machineAbi())
  mkdirSync(own, { recursive: true })
  writeFileSync(join(own, 'libcore.so'), made?.libraries.get('libcore.so') ?? '')
  const [build] = await buildNativeModules(await readProject(fixture.folder), { cacheFolder })
  const needed = readElf(build?.libraries.get('libx.so') ?? new Uint8Array())?.needed
  expect(needed).toContain('libcore.so')
})

test('a core that the build only copies, and that this machine cannot load, is told', async () => {
  using fixture = new ProjectFixture({
    'entry/src/main/cpp/CMakeLists.txt': [
      'cmake_minimum_required(VERSION 3.5)',
      'project(x C)',
      'add_library(x SHARED x.c)',
      'add_custom_command(TARGET x POST_BUILD COMMAND ${CMAKE_COMMAND} -E copy ${CMAKE_CURRENT_SOURCE_DIR}/core/libcore.so $<TARGET_FILE_DIR:x>/libcore.so)',
    ].join('\n'),
    'entry/src/main/cpp/x.c': 'int x(void) { return 1; }\n',
    'entry/src/main/cpp/core/libcore.so': 'of the device',
  })
  const { modules, libraries } = await prepareNativeModules(await readProject(fixture.folder), [], {
    cacheFolder,
  })
  expect([...libraries.keys()]).toEqual(['libx.so'])
  expect(modules).toMatchObject([
    {
      name: 'libcore.so',
      kind: 'missing',
      reason: 'what the native code of entry copies is no library of 64 bits',
    },
    { name: 'libx.so', kind: 'built' },
  ])
})
