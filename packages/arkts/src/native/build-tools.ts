import { access, constants, realpath } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'

import { ProjectError, fileProblem } from '../project-error.ts'
import { runTool } from './run-tool.ts'

/** What builds native modules on this machine. */
export interface BuildTools {
  readonly cmake: string
  readonly generator: 'Ninja' | 'Unix Makefiles'
  readonly c: string
  readonly cxx: string
  readonly archiver: string
  /** Whose bytes a build depends on: versions of the compiler and of cmake. */
  readonly version: string
  /** Holds node_api.h, of the node that runs this. */
  readonly nodeHeaders: string
}

/**
 * Finds cmake, a compiler, a build program and node's headers. CC and CXX name another compiler than gcc.
 *
 * @param neededBy the file that is to be built, relative to the project
 * @param how what the tools are to it, as a sentence goes on with their names
 * @throws ProjectError naming what is missing, and the command that installs it on Debian
 */
export async function findBuildTools(
  neededBy: string,
  signal?: AbortSignal,
  how = 'is built with',
): Promise<BuildTools> {
  const { CC, CXX } = process.env
  const cmake = await findCommand('cmake')
  const ninja = await findCommand('ninja')
  const make = ninja === undefined ? await findCommand('make') : undefined
  const [c, cxx] = await firstPair([
    ...(CC !== undefined && CXX !== undefined ? [[CC, CXX] as const] : []),
    ['gcc', 'g++'],
    ['clang', 'clang++'],
  ])
  const archiver = (await findCommand('ar')) ?? (await findCommand('llvm-ar'))
  const nodeHeaders = await findNodeHeaders()
  const packages = [
    ...(cmake === undefined ? ['cmake'] : []),
    ...(c === undefined || cxx === undefined || archiver === undefined ? ['g++'] : []),
    ...(ninja === undefined && make === undefined ? ['make'] : []),
    ...(nodeHeaders === undefined ? ['libnode-dev'] : []),
  ]
  if (
    cmake === undefined ||
    c === undefined ||
    cxx === undefined ||
    archiver === undefined ||
    nodeHeaders === undefined ||
    packages.length > 0
  ) {
    throw missingTools(neededBy, how, packages)
  }
  const versions = await Promise.all(
    [cxx, c, cmake].map(async (tool) => (await runTool(tool, ['--version'], { signal })).output),
  )
  const generator = ninja === undefined ? 'Unix Makefiles' : 'Ninja'
  return {
    cmake,
    generator,
    c,
    cxx,
    archiver,
    nodeHeaders,
    version: [process.version, ...versions].join('\n'),
  }
}

function missingTools(neededBy: string, how: string, packages: readonly string[]): ProjectError {
  const install = `sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`
  return new ProjectError(fileProblem(neededBy, `${how} ${packages.join(', ')}, which is not here`, install))
}

/** @param name a command of PATH, or a path */
async function findCommand(name: string): Promise<string | undefined> {
  const places = name.includes('/') ? [''] : (process.env['PATH'] ?? '').split(delimiter)
  for (const place of places) {
    const path = place === '' ? name : join(place, name)
    if (await isThere(path, constants.X_OK)) return path
  }
  return undefined
}

async function firstPair(
  pairs: readonly (readonly [string, string])[],
): Promise<readonly [string | undefined, string | undefined]> {
  for (const [first, second] of pairs) {
    const found = [await findCommand(first), await findCommand(second)] as const
    if (found[0] !== undefined && found[1] !== undefined) return found
  }
  return [undefined, undefined]
}

/** Beside the node that runs, as its archives and NodeSource's packages have them; else where Debian's libnode-dev puts them. */
async function findNodeHeaders(): Promise<string | undefined> {
  const prefix = dirname(dirname(await realpath(process.execPath)))
  for (const folder of [join(prefix, 'include/node'), '/usr/include/node', '/usr/include/nodejs/src']) {
    if (await isThere(join(folder, 'node_api.h'), constants.R_OK)) return folder
  }
  return undefined
}

async function isThere(path: string, mode: number): Promise<boolean> {
  return await access(path, mode).then(
    () => true,
    () => false,
  )
}
