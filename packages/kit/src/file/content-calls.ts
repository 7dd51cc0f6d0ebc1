import * as fs from 'node:fs'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'

import { checkEncoding, countArgument, fileArgument, option, pathArgument } from './arguments.ts'
import { invalidArgument } from './file-error.ts'
import { KitStat } from './kit-stat.ts'
import { type Forms, forms } from './operation.ts'

const fstat = promisify<number, { bigint: true }, fs.BigIntStats>(fs.fstat)

/** `stat(file)`: `file` is a path or a descriptor. */
export const stat: Forms<KitStat> = forms({
  read: ([file]) => (typeof file === 'string' ? pathArgument(file, 'file') : fileArgument(file)),
  now: (file) =>
    new KitStat(
      typeof file === 'string' ? fs.statSync(file, { bigint: true }) : fs.fstatSync(file, { bigint: true }),
    ),
  later: async (file) =>
    new KitStat(
      typeof file === 'string'
        ? await fs.promises.stat(file, { bigint: true })
        : await fstat(file, { bigint: true }),
    ),
})

/** `lstat(path)`: of a symbolic link itself. */
export const lstat: Forms<KitStat> = forms({
  read: ([path]) => pathArgument(path),
  now: (path) => new KitStat(fs.lstatSync(path, { bigint: true })),
  later: async (path) => new KitStat(await fs.promises.lstat(path, { bigint: true })),
})

/** `readText(path, options?)`: the file as UTF-8 text; `offset` and `length` count bytes. */
export const readText: Forms<string> = forms({
  read: ([path, options]) => {
    checkEncoding(options)
    const offset = countArgument(option(options, 'offset'), 'options.offset', 0)
    const length = countArgument(option(options, 'length'), 'options.length', undefined)
    const end = length === undefined ? undefined : offset + length
    return { path: pathArgument(path), offset, end }
  },
  now: ({ path, offset, end }) => fs.readFileSync(path).toString('utf8', offset, end),
  later: async ({ path, offset, end }) => (await fs.promises.readFile(path)).toString('utf8', offset, end),
})

/** `listFile(path, options?)`: names of the entries, sorted; with `recursion`, paths from the folder with a leading `/`, of files only. */
export const listFile: Forms<string[]> = forms({
  read: ([path, options]) => ({
    path: pathArgument(path),
    recursion: option(options, 'recursion') === true,
    most: countArgument(option(options, 'listNum'), 'options.listNum', 0),
    suffixes: suffixes(option(options, 'filter')),
  }),
  now: (input) =>
    chosen(input, fs.readdirSync(input.path, { withFileTypes: true, recursive: input.recursion })),
  later: async (input) =>
    chosen(input, await fs.promises.readdir(input.path, { withFileTypes: true, recursive: input.recursion })),
})

interface Listing {
  readonly path: string
  readonly recursion: boolean
  /** 0: no limit. */
  readonly most: number
  readonly suffixes: readonly string[] | undefined
}

function chosen(
  { path, recursion, most, suffixes: wanted }: Listing,
  entries: readonly fs.Dirent[],
): string[] {
  const names = entries
    .filter((entry) => !recursion || !entry.isDirectory())
    .filter((entry) => wanted === undefined || wanted.some((suffix) => entry.name.endsWith(suffix)))
    .map((entry) => (recursion ? `/${join(relative(path, entry.parentPath), entry.name)}` : entry.name))
    .toSorted()
  return most === 0 ? names : names.slice(0, most)
}

function suffixes(filter: unknown): readonly string[] | undefined {
  const list = option(filter, 'suffix')
  for (const member of ['displayName', 'mimeType', 'fileSizeOver', 'lastModifiedAfter', 'excludeMedia']) {
    if (option(filter, member) !== undefined)
      throw invalidArgument(`options.filter.${member}`, 'is not provided')
  }
  if (list === undefined) return undefined
  if (Array.isArray(list) && list.every((suffix) => typeof suffix === 'string')) return list
  throw invalidArgument('options.filter.suffix', 'is not a list of texts')
}
