import { expect, test } from 'vitest'

import type { Project } from '../project.ts'
import type { NativeBuild } from './build-native.ts'
import { inOrderOfUse } from './same-names.ts'

const build = (moduleName: string, text: string): NativeBuild => ({
  moduleName,
  cached: false,
  prelude: false,
  libraries: new Map([['libentry.so', Buffer.from(text)]]),
})
const project = (...kinds: [name: string, type: string, ability?: string][]): Project =>
  ({
    modules: kinds.map(([name, type, kind]) => ({
      name,
      type,
      abilities: kind === undefined ? [] : [{ kind }],
    })),
  }) as unknown as Project
const names = (builds: readonly NativeBuild[]): string[] => builds.map(({ moduleName }) => moduleName)

test('of libraries of a name that of the module with the extension comes last, and is kept', () => {
  const modules = project(['entry', 'entry', 'extension'], ['feature', 'feature', 'page'], ['core', 'har'])
  const builds = [build('entry', 'a'), build('feature', 'b'), build('core', 'c')]
  expect(names(inOrderOfUse(builds, modules)).at(-1)).toBe('entry')
  const pages = project(['entry', 'entry', 'page'], ['feature', 'feature', 'page'], ['core', 'har'])
  expect(names(inOrderOfUse(builds, pages)).at(-1)).toBe('entry')
})

test('when both have an extension and they differ, that is told with both modules', () => {
  const modules = project(['entry', 'entry', 'extension'], ['feature', 'feature', 'extension'])
  expect(() => inOrderOfUse([build('entry', 'a'), build('feature', 'b')], modules)).toThrow(
    'feature: CMakeLists.txt: makes libentry.so, and so does entry: the extensions of both would have the same one',
  )
  expect(names(inOrderOfUse([build('entry', 'a'), build('feature', 'a')], modules))).toEqual([
    'entry',
    'feature',
  ])
})
