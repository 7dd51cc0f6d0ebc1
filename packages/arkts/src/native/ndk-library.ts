import { cp, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { BuildTools } from './build-tools.ts'
import { compile, compileShims, sdkSource } from './compile-shims.ts'
import { keyOf, makeWhole } from './native-cache.ts'
import type { NativeSdk } from './native-sdk.ts'
import { wrappedFunctions } from './wrapped-functions.ts'

/** The library with the functions; packages/host/src/stage2/bundle-libraries.ts loads it before others. */
const ndkLibrary = 'libvpnext_ndk.so'

export interface NdkParts {
  /** The folder of native builds. */
  readonly cache: string
  readonly tools: BuildTools
  readonly sdk: NativeSdk
  readonly signal: AbortSignal | undefined
}

/**
 * Makes libraries of the NDK for code that was linked elsewhere, or that opens them by name. One has the functions; those that are asked for
 * by name are empty, and need that one, as that one needs them: whoever loads it has them all.
 *
 * @param names e.g. `libhilog_ndk.z.so`
 * @returns file name to bytes
 * @throws Error with the compiler's words
 */
export async function buildNdk(names: readonly string[], parts: NdkParts): Promise<Map<string, Uint8Array>> {
  const { cache, sdk } = parts
  const objects = join(cache, 'ndk', keyOf('objects', sdk.libraries))
  if (!(await isThere(objects))) await makeWhole(objects, (fresh) => compileAll(fresh, parts))
  const folder = join(cache, 'ndk', keyOf(sdk.libraries, ...names))
  if (!(await isThere(folder))) await makeWhole(folder, (fresh) => link(fresh, objects, names, parts))
  const libraries = new Map<string, Uint8Array>()
  for (const name of (await readdir(folder)).toSorted())
    libraries.set(name, await readFile(join(folder, name)))
  return libraries
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}

async function compileAll(fresh: string, { tools, sdk, signal }: NdkParts): Promise<void> {
  await compileShims(tools, {
    folders: ['source', 'ndk'],
    output: fresh,
    nodeHeaders: sdk.nodeHeaders,
    flags: ['-DVPNEXT_NDK', `-ffile-prefix-map=${sdkSource}=.`],
    signal,
  })
}

async function link(
  fresh: string,
  objects: string,
  names: readonly string[],
  parts: NdkParts,
): Promise<void> {
  const { tools, sdk, signal } = parts
  const work = join(fresh, 'work')
  await mkdir(work)
  const shared = (name: string, args: readonly string[]): Promise<void> =>
    compile(
      tools.c,
      [
        '-shared',
        `-Wl,-soname,${name}`,
        '-Wl,-rpath,$ORIGIN',
        '-Wl,--build-id=none',
        `-L${fresh}`,
        '-o',
        join(fresh, name),
        ...args,
      ],
      signal,
    )
  const functions = [
    ...(await readdir(objects)).toSorted().map((name) => join(objects, name)),
    '-Wl,-Bsymbolic',
    `-Wl,--version-script=${join(sdkSource, 'ndk/exports.map')}`,
    ...wrappedFunctions.map((name) => `-Wl,--wrap=${name}`),
    `-L${sdk.libraries}`,
    '-lvpnext_node',
    '-lpthread',
    '-ldl',
    '-lm',
    '-lrt',
  ]
  await shared(ndkLibrary, functions)
  const own = join(work, ndkLibrary)
  await cp(join(fresh, ndkLibrary), own)
  const none = join(work, 'none.c')
  await writeFile(none, '')
  await compile(tools.c, ['-fPIC', '-c', none, '-o', `${none}.o`], signal)
  for (const name of names) await shared(name, ['-nostdlib', '-Wl,--no-as-needed', `${none}.o`, own])
  await shared(ndkLibrary, [...functions, '-Wl,--no-as-needed', ...names.map((name) => join(fresh, name))])
  await rm(work, { recursive: true })
}
