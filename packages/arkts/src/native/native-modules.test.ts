import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

import { ProjectFixture } from '../../test/project-fixture.ts'
import { readProject } from '../project.ts'
import { type NativeParts, prepareNativeModules } from './native-modules.ts'
import { machineAbi } from './tool-chain-file.ts'

const here = machineAbi()
const elsewhere = here === 'x86_64' ? 'arm64-v8a' : 'x86_64'
const machines = { x86_64: 62, 'arm64-v8a': 183 }

/**
 * @param libraries paths below `entry/libs/`; each gets a program's bytes, for the processor that its folder names. After `<`
 *   stands what it needs, in seven letters, instead of the C library
 */
async function prepare(
  libraries: readonly string[],
  imported: readonly string[] = [],
  changes: Readonly<Record<string, string>> = {},
): Promise<Pick<NativeParts, 'modules'> & { libraries: string[] }> {
  using fixture = new ProjectFixture(changes)
  for (const [path = '', needed] of libraries.map((text) => text.split('<'))) {
    const file = join(fixture.folder, 'entry/libs', path)
    const bytes = readFileSync('/bin/sh')
    if (needed !== undefined) bytes.write(`${needed}\0\0`, bytes.indexOf('libc.so.6\0'))
    bytes[18] = machines[path.startsWith('x86_64') ? 'x86_64' : 'arm64-v8a']
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, bytes)
  }
  const parts = await prepareNativeModules(await readProject(fixture.folder), imported)
  return { modules: parts.modules, libraries: [...parts.libraries.keys()] }
}

const glue = { name: 'libglue.so', kind: 'prebuilt', path: `entry/libs/${here}/libglue.so` }
const ofTheDevice = [`${elsewhere}/libcore.so`, `${elsewhere}/libc++_shared.so`]

test('a core of the device that native code may open is told, though nothing imports it', async () => {
  expect(await prepare([`${here}/libglue.so`, ...ofTheDevice])).toEqual({
    libraries: ['libglue.so'],
    modules: [
      {
        name: 'libcore.so',
        kind: 'missing',
        reason: expect.stringMatching(
          `^entry/libs/${elsewhere}/libcore.so is built for .*, and this machine is`,
        ),
      },
      glue,
    ],
  })
})

test('what nobody here could open is not', async () => {
  expect(await prepare(ofTheDevice)).toEqual({ libraries: [], modules: [] })
  const withBoth = await prepare([`${here}/libglue.so`, `${elsewhere}/libglue.so`])
  expect(withBoth).toEqual({ libraries: ['libglue.so'], modules: [glue] })
  const withStandIn = await prepare([`${here}/libglue.so`, ...ofTheDevice], [], {
    'vpnext.config.ts': `export default { nativeModules: { 'libcore.so': './core.ts' } }`,
    'core.ts': 'export const core = 1',
  })
  expect(withStandIn.modules).toEqual([{ name: 'libcore.so', kind: 'stand-in', path: 'core.ts' }, glue])
})

test('what needs a library that lacks one of its own is not there either', async () => {
  const chain = ['liba.so<libb.so', 'libb.so<libc.z1', 'libd.so<libb.so', 'libe.so']
  expect(await prepare(chain.map((name) => `${here}/${name}`))).toEqual({
    libraries: ['libe.so'],
    modules: [
      {
        name: 'liba.so',
        kind: 'missing',
        reason: 'needs libb.so, and that needs libc.z1, which is not there',
      },
      { name: 'libb.so', kind: 'missing', reason: 'needs libc.z1, which is not there' },
      {
        name: 'libd.so',
        kind: 'missing',
        reason: 'needs libb.so, and that needs libc.z1, which is not there',
      },
      { name: 'libe.so', kind: 'prebuilt', path: `entry/libs/${here}/libe.so` },
    ],
  })
})
