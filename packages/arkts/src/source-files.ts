import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** What an import may leave out, in the order in which it is tried. */
const extensions = ['.ets', '.ts', '.js', '.mjs', '.cjs', '.json', '.d.ets', '.d.ts']
/** What an import of a folder means. */
const indexNames = ['index', 'Index']

/**
 * The file that an import of a path means: the file itself, one with an extension that ArkTS lets out, or a folder's index.
 *
 * @param path absolute, without the extension or with it
 * @returns absolute; undefined when there is none
 */
export function findSource(path: string): string | undefined {
  if (kindOf(path) === 'file') return path
  const named = extensions.map((extension) => path + extension).find((file) => kindOf(file) === 'file')
  if (named !== undefined || kindOf(path) !== 'folder') return named
  return indexNames
    .flatMap((name) => extensions.map((extension) => join(path, name + extension)))
    .find((file) => kindOf(file) === 'file')
}

/** A file beside it whose name differs in upper and lower case alone, as computers that ignore case let happen. */
export function findOtherCase(path: string): string | undefined {
  const wanted = basename(path).toLowerCase()
  const names = kindOf(dirname(path)) === 'folder' ? readdirSync(dirname(path)) : []
  return names.find((name) => {
    const lower = name.toLowerCase()
    return lower === wanted || extensions.some((extension) => lower === wanted + extension)
  })
}

function kindOf(path: string): 'file' | 'folder' | undefined {
  const facts = statSync(path, { throwIfNoEntry: false })
  if (facts?.isFile() === true) return 'file'
  return facts?.isDirectory() === true ? 'folder' : undefined
}
