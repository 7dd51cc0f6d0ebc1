import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

import type { Metafile, OnResolveResult } from 'esbuild'

import { importerOf } from './import-names.ts'
import type { ImportResolver } from './import-rules.ts'

type Import = Metafile['inputs'][string]['imports'][number]

/**
 * Whether a build in which esbuild has resolved imports by itself is the one that asking about each would have given.
 *
 * @param root the project folder, absolute
 */
export async function importsAgree(
  { inputs }: Pick<Metafile, 'inputs'>,
  resolver: ImportResolver,
  root: string,
): Promise<boolean> {
  if (dependsOnPackageFiles(Object.keys(inputs), root)) return false
  for (const [input, { imports }] of Object.entries(inputs)) {
    const importer = importerOf(input)
    for (const found of imports) {
      // Kits, what only types come from, and esbuild's own helpers.
      if (found.external === true) continue
      const path = found.original ?? found.path
      const wanted = await resolver.resolve({ path, kind: found.kind, importer })
      if (!isSame(found, wanted, root)) return false
    }
  }
  return true
}

function isSame(found: Import, wanted: OnResolveResult, root: string): boolean {
  if (wanted.errors !== undefined || wanted.external === true || wanted.path === undefined) return false
  return wanted.namespace === undefined
    ? join(root, found.path) === wanted.path
    : found.path === `${wanted.namespace}:${wanted.path}`
}

/**
 * Whether a `package.json`, of the project or above it, tells esbuild of a file that it finds by itself: what has no side effects, and
 * what is an ECMAScript module, which names of files do as well.
 */
function dependsOnPackageFiles(inputs: readonly string[], root: string): boolean {
  if (inputs.some((input) => /\.[cm][jt]s$/.test(input))) return true
  const telling = inputs.some((input) => /\.[jt]sx?$/.test(input))
    ? /"(?:sideEffects|type)"/
    : /"sideEffects"/
  const folders = new Set<string>()
  for (const input of inputs) {
    let folder = dirname(join(root, importerOf(input)))
    while (!folders.has(folder)) {
      folders.add(folder)
      folder = dirname(folder)
    }
  }
  return [...folders].some((folder) => telling.test(packageFileOf(folder)))
}

/** The text of a folder's package.json; empty where there is none. Most folders have none, and to fail takes longer than to look. */
function packageFileOf(folder: string): string {
  const file = join(folder, 'package.json')
  try {
    return statSync(file, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(file, 'utf8') : ''
  } catch {
    return ''
  }
}
