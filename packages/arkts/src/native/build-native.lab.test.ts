import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { ProjectFixture } from '../../test/project-fixture.ts'
import { readProject } from '../project.ts'
import { buildNativeModules } from './build-native.ts'

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

test('assembler beside code that needs our headers, with options that only clang knows', async () => {
  const cpp = 'entry/src/main/cpp'
  using fixture = new ProjectFixture({
    [`${cpp}/CMakeLists.txt`]: [
      'cmake_minimum_required(VERSION 3.5)',
      'project(x C CXX ASM)',
      'add_compile_options(-Wthread-safety -ferror-limit=5)',
      'add_library(x SHARED x.cpp y.S)',
    ].join('\n'),
    [`${cpp}/x.cpp`]: 'extern "C" int y(void);\nstd::deque<int> line(y());\n',
    [`${cpp}/y.S`]:
      '#ifdef __OHOS__\n.text\n.globl y\ny:\n.long 0\n#endif\n.section .note.GNU-stack,"",%progbits\n',
  })
  const [build] = await buildNativeModules(await readProject(fixture.folder), { cacheFolder })
  expect([build?.prelude, [...(build?.libraries.keys() ?? [])]]).toEqual([true, ['libx.so']])
})
