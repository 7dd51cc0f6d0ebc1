import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { isAbsolute, join } from 'node:path'

import * as z from 'zod/mini'

import { ProjectError } from '../project-error.ts'
import { readBuildMessages } from './build-messages.ts'
import type { BuildTools } from './build-tools.ts'
import type { NativeSdk } from './native-sdk.ts'
import type { NativeSource } from './native-source.ts'
import { runTool } from './run-tool.ts'
import { machineAbi, toolChainFile } from './tool-chain-file.ts'

/** One run of cmake. */
export interface CmakeBuild {
  /** Shared libraries it made, absolute. */
  readonly libraries: readonly string[]
  /** The code needed headers that it does not include itself. */
  readonly prelude: boolean
}

export interface CmakeParts {
  readonly project: string
  readonly source: NativeSource
  readonly tools: BuildTools
  readonly sdk: NativeSdk
  /** Kept between builds, so that only what changed is compiled again. */
  readonly workFolder: string
  /** What tells cmake of libraries of other modules. */
  readonly packageArguments: readonly string[]
  readonly signal: AbortSignal | undefined
}

/**
 * Configures and builds one CMakeLists.txt as it is.
 *
 * Code that does not compile is tried once more with the headers included that the device's C++ library brings along.
 *
 * @throws ProjectError with the messages of the tools, at file and line
 */
export async function buildWithCmake(parts: CmakeParts): Promise<CmakeBuild> {
  const withPrelude = join(parts.workFolder, 'prelude')
  // It was needed the last time.
  if (await isThere(withPrelude)) return await build(parts, withPrelude, true)
  try {
    return await build(parts, join(parts.workFolder, 'plain'), false)
  } catch (error) {
    if (!(error instanceof CompileError)) throw error
    parts.signal?.throwIfAborted()
    return await build(parts, withPrelude, true).catch(async (again: unknown) => {
      await rm(withPrelude, { recursive: true, force: true })
      throw again instanceof CompileError ? furtherOf(error, again) : again
    })
  }
}

/** Code that a compiler or the linker refuses. */
class CompileError extends ProjectError {}

/** With our headers first, what only lacked headers compiles, and what is left to tell is what they do not mend. */
function furtherOf(plain: CompileError, withPrelude: CompileError): CompileError {
  return withPrelude.problems.length <= plain.problems.length ? withPrelude : plain
}

async function build(parts: CmakeParts, folder: string, prelude: boolean): Promise<CmakeBuild> {
  const { source, tools, sdk, signal } = parts
  const output = join(folder, 'libs')
  // Libraries of the last build that this one does not make; what it does make is linked anew.
  await rm(output, { recursive: true, force: true })
  await mkdir(join(folder, '.cmake/api/v1/query'), { recursive: true })
  await writeFile(join(folder, '.cmake/api/v1/query/codemodel-v2'), '')
  const toolChain = join(folder, 'vpnext.toolchain.cmake')
  await writeFile(toolChain, toolChainFile(source, tools, sdk, prelude))
  const args = [
    '-S',
    source.folder,
    '-B',
    folder,
    '-G',
    tools.generator,
    '--no-warn-unused-cli',
    '-DCMAKE_BUILD_TYPE=Release',
    '-DCMAKE_EXPORT_COMPILE_COMMANDS=ON',
    '-DCMAKE_POLICY_VERSION_MINIMUM=3.5',
    ...source.cmakeArguments.filter(
      (argument) => !/^-(G|S|B|H|DCMAKE_TOOLCHAIN_FILE|DOHOS_ARCH)/.test(argument),
    ),
    `-DCMAKE_TOOLCHAIN_FILE=${toolChain}`,
    `-DCMAKE_LIBRARY_OUTPUT_DIRECTORY=${output}`,
    `-DOHOS_ARCH=${machineAbi()}`,
    ...parts.packageArguments,
  ]
  const places = { project: parts.project, source: source.folder, build: folder }
  const env = { VPNEXT_PROJECT: parts.project }
  const configured = await runTool(tools.cmake, args, { signal, env })
  if (configured.code !== 0) throw failure(ProjectError, configured.output, places)
  const jobs = String(availableParallelism())
  const built = await runTool(tools.cmake, ['--build', folder, '--parallel', jobs], { signal, env })
  if (built.code !== 0) {
    const kind = /error: /.test(built.output) ? CompileError : ProjectError
    throw failure(kind, built.output, places)
  }
  const libraries = new Set([...(await artifacts(folder)), ...(await sharedLibrariesIn(output))])
  return { libraries: [...libraries].toSorted(), prelude }
}

function failure(
  kind: typeof ProjectError,
  output: string,
  places: Parameters<typeof readBuildMessages>[1],
): ProjectError {
  const [first, ...others] = readBuildMessages(output, places)
  if (first === undefined) throw new Error(`the build failed: ${output}`)
  return new kind(first, ...others)
}

const reference = z.object({ jsonFile: z.string() })
const codeModel = z.object({ configurations: z.array(z.object({ targets: z.array(reference) })) })
const target = z.object({
  type: z.string(),
  artifacts: z._default(z.array(z.object({ path: z.string() })), []),
})

/** Shared libraries among the targets, by cmake's file API, wherever the project has them put. */
async function artifacts(folder: string): Promise<string[]> {
  const reply = join(folder, '.cmake/api/v1/reply')
  const index = (await readdir(reply))
    .filter((name) => name.startsWith('codemodel-'))
    .toSorted()
    .at(-1)
  if (index === undefined) return []
  const model = codeModel.parse(JSON.parse(await readFile(join(reply, index), 'utf8')))
  const paths: string[] = []
  for (const { jsonFile } of model.configurations.flatMap(({ targets }) => targets)) {
    const { type, artifacts: files } = target.parse(JSON.parse(await readFile(join(reply, jsonFile), 'utf8')))
    if (type !== 'SHARED_LIBRARY' && type !== 'MODULE_LIBRARY') continue
    for (const { path } of files) {
      const absolute = isAbsolute(path) ? path : join(folder, path)
      if (await isThere(absolute)) paths.push(absolute)
    }
  }
  return paths
}

async function sharedLibrariesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return names.filter((name) => /\.so(\.[\d.]+)?$/.test(name)).map((name) => join(folder, name))
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}
