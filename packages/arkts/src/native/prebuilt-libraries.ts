import { readFile, readdir } from 'node:fs/promises'
import { join, posix } from 'node:path'

import type { ProjectFolder } from '../project-folder.ts'
import type { Project } from '../project.ts'
import { type ElfFile, readElf } from './elf-file.ts'
import { machineAbi } from './tool-chain-file.ts'

/** A library that the project brings along, built elsewhere. */
export interface PrebuiltLibrary {
  /** Relative to the project folder, e.g. `entry/libs/arm64-v8a/libcore.so`. */
  readonly path: string
  readonly bytes: Uint8Array
  /** Undefined: it is no library of 64 bits. */
  readonly elf: ElfFile | undefined
}

/**
 * The libraries in `libs/<abi>` of every module, by file name. Of several of a name the one for this machine counts.
 */
export async function findPrebuiltLibraries(
  folder: ProjectFolder,
  project: Project,
): Promise<Map<string, PrebuiltLibrary>> {
  const found = new Map<string, PrebuiltLibrary>()
  for (const module of project.modules) {
    const libs = await folder.resolve(`${module.path}/libs`)
    if (typeof libs === 'string') continue
    const abis = (await readdir(libs.path, { withFileTypes: true })).filter((entry) => entry.isDirectory())
    // That of the machine last, where it replaces others.
    const ordered = abis.map(({ name }) => name).toSorted((a, b) => rank(a) - rank(b))
    for (const abi of ordered) {
      for (const name of (await readdir(join(libs.path, abi))).filter(isLibrary)) {
        const path = await folder.resolveFile(posix.join(module.path, 'libs', abi, name))
        if (typeof path === 'string') continue
        const bytes = await readFile(path.path)
        found.set(name, { path: folder.show(path.path), bytes, elf: readElf(bytes) })
      }
    }
  }
  return found
}

function rank(abi: string): number {
  return abi === machineAbi() ? 1 : 0
}

function isLibrary(name: string): boolean {
  return /\.so(\.[\d.]+)?$/.test(name)
}

/** Why a library cannot be loaded on this machine; undefined when it can. */
export function whyUnloadable({ elf }: Pick<PrebuiltLibrary, 'elf'>): string | undefined {
  if (elf === undefined) return 'is no library of 64 bits'
  const own = process.arch === 'arm64' ? 'aarch64' : 'x86_64'
  if (elf.forHarmony)
    return `is built for HarmonyOS (${elf.machine}, its C library is musl), and cannot be loaded on Linux`
  if (elf.machine !== own) return `is built for ${elf.machine}, and this machine is ${own}`
  return undefined
}
