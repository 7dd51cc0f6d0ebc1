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
