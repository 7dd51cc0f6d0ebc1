import { readFileSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'

import JSON5 from 'json5'

import type { ScriptEntry } from './build-options.ts'
import { foundModules } from './found-modules.ts'
import { realPathOf } from './real-path.ts'
import { SourceFiles } from './source-files.ts'

/** Largest file read, in bytes: larger ones are not read in a hurry. */
const maxBytes = 64 * 1024

/** What the extensions of a project most likely are. */
export interface Guess {
  /** The project's folder, absolute, without links. */
  readonly root: string
  /** At least one. */
  readonly entries: readonly ScriptEntry[]
}

/**
 * Looks for the VPN extensions of a project, without what a thorough look needs: nothing is checked, and of what is not plain nothing
 * is said.
 *
 * @returns undefined when there are none, or more than files of the project belongs to them
 */
export function guessEntries(path: string): Guess | undefined {
  try {
    const root = realPathOf(path)
    if (root === undefined || !statSync(root).isDirectory()) return undefined
    const profile = read(join(root, 'build-profile.json5'))
    const places =
      profile === undefined
        ? foundModules(root)
        : listOf(profile, 'modules').map((module) => textOf(module, 'srcPath'))
    const entries = places.map((place) => entriesOf(root, posix.normalize(place)))
    if (entries.includes(undefined)) return undefined
    const all = entries.flatMap((some) => some ?? [])
    return all.length > 0 && holdPlainFiles(root, all) ? { root, entries: all } : undefined
  } catch {
    return undefined
  }
}

/** Of a module; undefined when it has an AbilityStage, which its extensions bring along. */
function entriesOf(root: string, place: string): ScriptEntry[] | undefined {
  const main = posix.join(place, 'src/main')
  const module = memberOf(read(join(root, main, 'module.json5')), 'module')
  if (memberOf(module, 'srcEntry') !== undefined) return undefined
  return listOf(module, 'extensionAbilities')
    .filter((ability) => memberOf(ability, 'type') === 'vpn')
    .map((ability) => ({
      source: posix.join(main, textOf(ability, 'srcEntry')),
      key: textOf(ability, 'name'),
    }))
}

/** esbuild will read what it finds, and would read a pipe for ever. */
function holdPlainFiles(root: string, entries: readonly ScriptEntry[]): boolean {
  const files = new SourceFiles()
  const sources = entries.map(({ source }) => source)
  const areThere = sources.every(
    (source) => !source.startsWith('../') && files.find(join(root, source)) === join(root, source),
  )
  return areThere && files.plainFolders(root, sources) !== undefined
}

function read(file: string): unknown {
  const facts = statSync(file, { throwIfNoEntry: false })
  if (facts === undefined) return undefined
  if (!facts.isFile() || facts.size > maxBytes) throw new Error(`${file} is no small file`)
  return JSON5.parse(readFileSync(file, 'utf8'))
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function listOf(value: unknown, name: string): readonly unknown[] {
  const list = memberOf(value, name) ?? []
  if (!Array.isArray(list)) throw new Error(`${name} is no list`)
  return list
}

function textOf(value: unknown, name: string): string {
  const text = memberOf(value, name)
  if (typeof text !== 'string') throw new Error(`${name} is no text`)
  return text
}
