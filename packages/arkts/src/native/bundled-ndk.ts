import { ProjectError } from '../project-error.ts'
import { type NativeBuildOptions } from './build-native.ts'
import { findBuildTools } from './build-tools.ts'
import { defaultCacheFolder } from './native-cache.ts'
import { prepareSdk } from './native-sdk.ts'
import { buildNdk } from './ndk-library.ts'
import { ndkNeeds } from './ndk-needs.ts'

/**
 * The libraries of the NDK that libraries of a bundle want at run time. Those that are there already, as a project's own `libuv.so`, are not made.
 *
 * @param libraries of the bundle, by file name
 * @param options with `tolerant`, there are none without a compiler
 * @returns file name to bytes; empty when none are wanted
 * @throws ProjectError naming the tools that are missing, for a library that is linked with the NDK
 */
export async function bundledNdk(
  libraries: ReadonlyMap<string, Uint8Array>,
  options: NativeBuildOptions & { readonly tolerant?: boolean },
): Promise<ReadonlyMap<string, Uint8Array>> {
  const names = new Set<string>()
  let linked: string | undefined
  for (const [name, bytes] of libraries) {
    const needs = ndkNeeds(bytes)
    for (const wanted of [...needs.linked, ...needs.named]) if (!libraries.has(wanted)) names.add(wanted)
    if (needs.linked.length > 0 || needs.functions) linked ??= name
  }
  if (names.size === 0 && linked === undefined) return new Map()
  const { cacheFolder: cache = defaultCacheFolder(), signal } = options
  const tools = await findBuildTools(
    linked ?? 'native code',
    signal,
    'wants libraries of the NDK, which are made with',
  ).catch((error: unknown) => {
    // Code that opens one by name can do without.
    if (error instanceof ProjectError && (linked === undefined || options.tolerant === true)) return undefined
    throw error
  })
  if (tools === undefined) return new Map()
  const sdk = await prepareSdk(cache, tools, signal)
  return await buildNdk([...names].toSorted(), { cache, tools, sdk, signal })
}
