import { readdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { BuildTools } from './build-tools.ts'
import { runTool } from './run-tool.ts'

/** Our headers and sources; the same place below `src` and below `dist`. */
export const sdkSource: string = fileURLToPath(new URL('../../sdk', import.meta.url))

export interface ShimParts {
  /** Below {@link sdkSource}: their `*.c` are compiled. */
  readonly folders: readonly string[]
  /** Where the objects go. */
  readonly output: string
  /** The node headers that ours include. */
  readonly nodeHeaders: string
  /** More for the compiler. */
  readonly flags: readonly string[]
  readonly signal: AbortSignal | undefined
}

/**
 * Compiles what stands for libraries of the device.
 *
 * @returns the objects
 * @throws Error with the compiler's words
 */
export async function compileShims(tools: BuildTools, parts: ShimParts): Promise<string[]> {
  const { output, nodeHeaders, flags, signal } = parts
  const sources = await Promise.all(
    parts.folders.map(async (folder) =>
      (await readdir(join(sdkSource, folder)))
        .filter((name) => name.endsWith('.c'))
        .map((name) => join(sdkSource, folder, name)),
    ),
  )
  const includes = ['-I', join(sdkSource, 'include'), '-I', nodeHeaders]
  const left = sources.flat().values()
  const objects: string[] = []
  const compileNext = async (): Promise<void> => {
    for (const source of left) {
      const object = join(output, `${basename(source)}.o`)
      objects.push(object)
      await compile(
        tools.c,
        ['-std=gnu11', '-O2', '-fPIC', '-pthread', ...flags, ...includes, '-c', source, '-o', object],
        signal,
      )
    }
  }
  // Each that runs listens to the signal, and node warns of more than ten.
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 8) }, compileNext))
  return objects.toSorted()
}

/** Runs a compiler, or another of its tools. @throws Error with its words */
export async function compile(
  command: string,
  args: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const { code, output } = await runTool(command, args, { signal })
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}:\n${output}`)
}
