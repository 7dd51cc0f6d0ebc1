import { basename, dirname, join } from 'node:path'

import { ArkuiScanner } from './arkui-scanner.ts'
import { importerOf } from './import-names.ts'
import type { ProjectProblem } from './project-error.ts'
import type { ProjectFolder } from './project-folder.ts'
import type { SourceFiles } from './source-files.ts'

const relativeImport = /\bfrom\s*(?:'(\.\.?\/[^'\n]+)'|"(\.\.?\/[^"\n]+)")/g

/**
 * Imports of files that are not there, in code that does without: a bundler leaves out what nothing uses, and types, before it looks
 * for them. The device's compiler refuses each.
 *
 * @param files of the project, as they were compiled
 * @param inputs files of a bundle, as its metafile names them
 */
export function unusedImports(
  folder: ProjectFolder,
  files: SourceFiles,
  inputs: readonly string[],
): ProjectProblem[] {
  return inputs.map(importerOf).flatMap((input) => {
    if (!/\.e?ts$/.test(input) || /\.d\.e?ts$/.test(input) || /(?:^|\/)oh_modules\//.test(input)) return []
    const text = textOf(files, join(folder.root, input))
    return [...text.matchAll(relativeImport)].flatMap((found) => {
      const specifier = found[1] ?? found[2] ?? ''
      const path = join(folder.root, dirname(input), specifier)
      if (basename(path) === 'BuildProfile' || files.find(path) !== undefined) return []
      const at = found.index + found[0].length - specifier.length - 2
      return isCode(text, at) ? [problemAt(input, text, at, specifier)] : []
    })
  })
}

/** Of a packed library there is none here. */
function textOf(files: SourceFiles, path: string): string {
  try {
    return files.textOf(path)
  } catch {
    return ''
  }
}

/** Whether a text begins there, and not within a comment or another text. */
function isCode(text: string, at: number): boolean {
  const scanner = new ArkuiScanner(text)
  let token = scanner.next()
  while (token.kind !== 'end' && token.start < at) token = scanner.next()
  return token.kind === 'literal' && token.start === at
}

function problemAt(file: string, text: string, at: number, specifier: string): ProjectProblem {
  const lines = text.slice(0, at).split('\n')
  return {
    file,
    line: lines.length,
    column: (lines.at(-1) ?? '').length + 1,
    key: '',
    reason: `no such file: ${specifier}`,
    hint: 'nothing here uses what it would give, but the device’s compiler refuses it',
  }
}
