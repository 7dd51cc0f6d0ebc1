import { dirname, join } from 'node:path'

import type { Metafile } from 'esbuild'

import { importerOf, isReadByEsbuild } from './import-names.ts'
import type { ImportResolver } from './import-rules.ts'
import { fileProblem } from './project-error.ts'
import type { ProjectProblem } from './project-error.ts'

/**
 * Files of a build that the project may not read from. esbuild asks about imports, but not about those whose path has a part that is
 * made at run time: of these it takes every file that fits, wherever it is.
 *
 * @param root the project folder, absolute
 */
export function outsideInputs(
  { inputs }: Pick<Metafile, 'inputs'>,
  resolver: ImportResolver,
  root: string,
): ProjectProblem[] {
  const paths = Object.keys(inputs)
  const outside = paths.filter((path) => isReadByEsbuild(path) && !resolver.mayRead(join(root, path)))
  return outside.map((path) =>
    fileProblem(importerAmong(inputs, path, root), `${path} leaves the project folder`),
  )
}

/** Whose import of a made path fits best: in the metafile the part that is made is an asterisk. */
function importerAmong(inputs: Metafile['inputs'], path: string, root: string): string {
  const made = Object.entries(inputs).flatMap(([importer, { imports }]) =>
    imports
      .filter((found) => found.external === true && found.path.includes('*'))
      .map((found) => ({ importer: importerOf(importer), start: found.path.replace(/\*.*/s, '') })),
  )
  const fits = made.find(({ importer, start }) =>
    join(root, path).startsWith(join(root, dirname(importer), start)),
  )
  return (fits ?? made[0])?.importer ?? path
}
