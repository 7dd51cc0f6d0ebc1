import * as fs from 'node:fs'
import { promisify } from 'node:util'

import { checkEncoding, countArgument, fileArgument, option, pathArgument } from './arguments.ts'
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
