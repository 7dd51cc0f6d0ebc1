import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

/** What native code of one module may be linked with of another. */
export interface NativePackage {
  /** What cmake calls it: the module, and its package without the scope. */
  readonly names: readonly string[]
  /** Folders of headers, absolute. */
  readonly headers: readonly string[]
  /** Libraries that its native code makes, absolute. */
  readonly libraries: readonly string[]
}

/** Files for cmake, by name of a package: each has a target `package::library` for every library. */
export function packageFiles(packages: readonly NativePackage[]): ReadonlyMap<string, string> {
  return new Map(packages.flatMap((one) => one.names.map((name) => [name, targets(name, one)] as const)))
}

/** A library `libcore.so` is called `core`. */
function targets(name: string, { headers, libraries }: NativePackage): string {
  return libraries
    .map((path) => {
      const target = `${name}::${basename(path).replace(/^lib|\.so.*$/g, '')}`
      return `if(NOT TARGET ${target})
    add_library(${target} SHARED IMPORTED GLOBAL)
    set_target_properties(${target} PROPERTIES IMPORTED_LOCATION "${path}" INTERFACE_INCLUDE_DIRECTORIES "${headers.join(';')}")
endif()
`
    })
    .join('')
}

/**
 * Writes them where cmake finds them: by `find_package(name)`, and all by `include(${PACKAGE_FIND_FILE})`, as DevEco Studio's
 * templates have it.
 *
 * @param folder is made
 * @returns arguments for cmake
 */
export async function writePackages(folder: string, files: ReadonlyMap<string, string>): Promise<string[]> {
  if (files.size === 0) return []
  await mkdir(folder, { recursive: true })
  for (const [name, text] of files) await writeFile(join(folder, `${name}Config.cmake`), text)
  const all = [...files.keys()].map((name) => `include("${join(folder, `${name}Config.cmake`)}")\n`)
  const findFile = join(folder, 'packages.cmake')
  await writeFile(findFile, all.join(''))
  return [
    `-DPACKAGE_FIND_FILE=${findFile}`,
    ...[...files.keys()].map((name) => `-D${name}_DIR:PATH=${folder}`),
  ]
}
