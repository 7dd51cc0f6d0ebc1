import * as fs from 'node:fs'
import { join, relative } from 'node:path'

import { countArgument, option, pathArgument } from './arguments.ts'
import { invalidArgument } from './file-error.ts'
import { type Forms, forms } from './operation.ts'

/**
 * `listFile(path, options?)`: names of the entries, sorted; with `recursion`, paths from the folder with a leading `/`, of
 * files only.
 */
export const listFile: Forms<string[]> = forms({
  read: ([path, options]) => ({
    path: pathArgument(path),
    recursion: option(options, 'recursion') === true,
    most: countArgument(option(options, 'listNum'), 'options.listNum', 0),
    filter: filterArgument(option(options, 'filter')),
  }),
  now: (input) =>
    chosen(input, fs.readdirSync(input.path, { withFileTypes: true, recursive: input.recursion })),
  later: async (input) =>
    chosen(input, await fs.promises.readdir(input.path, { withFileTypes: true, recursive: input.recursion })),
})

/** `fileIo.Filter`: an entry must pass everything that is given. */
interface Filter {
  readonly suffixes: readonly string[] | undefined
  /** With `*` for any text. */
  readonly names: readonly RegExp[] | undefined
  /** Bytes; larger ones pass. */
  readonly fileSizeOver: number | undefined
  /** Seconds since 1970; later ones pass. */
  readonly lastModifiedAfter: number | undefined
}

interface Listing {
  readonly path: string
  readonly recursion: boolean
  /** 0: no limit. */
  readonly most: number
  readonly filter: Filter
}

function chosen({ path, recursion, most, filter }: Listing, entries: readonly fs.Dirent[]): string[] {
  const names = entries
    .filter((entry) => (!recursion || !entry.isDirectory()) && passes(filter, entry))
    .map((entry) => (recursion ? `/${join(relative(path, entry.parentPath), entry.name)}` : entry.name))
    .toSorted()
  return most === 0 ? names : names.slice(0, most)
}

function passes(filter: Filter, entry: fs.Dirent): boolean {
  const { suffixes, names, fileSizeOver, lastModifiedAfter } = filter
  if (suffixes?.some((suffix) => entry.name.endsWith(suffix)) === false) return false
  if (names?.some((name) => name.test(entry.name)) === false) return false
  if (fileSizeOver === undefined && lastModifiedAfter === undefined) return true
  const stat = fs.lstatSync(join(entry.parentPath, entry.name))
  if (fileSizeOver !== undefined && stat.size <= fileSizeOver) return false
  return lastModifiedAfter === undefined || stat.mtimeMs / 1000 > lastModifiedAfter
}

function filterArgument(filter: unknown): Filter {
  for (const member of ['mimeType', 'excludeMedia']) {
    if (option(filter, member) !== undefined)
      throw invalidArgument(`options.filter.${member}`, 'is not provided')
  }
  return {
    suffixes: textsArgument(option(filter, 'suffix'), 'options.filter.suffix'),
    names: textsArgument(option(filter, 'displayName'), 'options.filter.displayName')?.map(pattern),
    fileSizeOver: countArgument(option(filter, 'fileSizeOver'), 'options.filter.fileSizeOver', undefined),
    lastModifiedAfter: countArgument(
      option(filter, 'lastModifiedAfter'),
      'options.filter.lastModifiedAfter',
      undefined,
    ),
  }
}

function textsArgument(list: unknown, name: string): readonly string[] | undefined {
  if (list === undefined || list === null) return undefined
  if (Array.isArray(list) && list.every((text) => typeof text === 'string')) return list
  throw invalidArgument(name, 'is not a list of texts')
}

function pattern(text: string): RegExp {
  const parts = text.split('*').map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's')
}
