import { SourceMap } from 'node:module'

import { isKit } from './import-names.ts'

/** A place in a source file; line and column from 1. */
export interface SourcePlace {
  /** Relative to the project folder. */
  readonly file: string
  readonly line: number
  readonly column: number
}

/** Something of a kit that compiled code uses, once for all its uses. */
export interface KitUse {
  /** As it was imported: `@kit.NetworkKit`, `@ohos.net.connection`. */
  readonly module: string
  /** The names after it, at most three: `['connection', 'getDefaultNet']`, `['default', 'getDefaultNet']`; `[]`: the module itself. */
  readonly path: readonly string[]
  /** Where the code uses it first. */
  place(): SourcePlace
}

/** How esbuild writes an import of a kit: `var import_x = require("@kit.X")`, with `__toESM(…)` around it for default imports. */
const kitImport = /^(?:var|let|const) ([\w$]+) = (?:__toESM\()?require\("([^"\n]+)"\)/gm
const kitReference =
  /__reExport\([\w$]+, require\("([^"\n]+)"\)|^require\("([^"\n]+)"\)|=> __toESM\(require\("([^"\n]+)"\)/gm

/**
 * Lists what of which kits compiled code uses. What the bundler has found unused, and types, are not in it.
 *
 * @param code of esbuild, as CommonJS, not minified
 * @param map its source map
 * @returns in the order of the names
 */
export function kitUses(code: string, map: string): KitUse[] {
  const modules = new Map<string, string>()
  const uses = new Map<string, { module: string; path: string[]; offset: number }>()
  const add = (module: string, path: string[], offset: number): void => {
    const key = [module, ...path].join(' ')
    if (!uses.has(key)) uses.set(key, { module, path, offset })
  }
  for (const { 1: name = '', 2: module = '', index } of code.matchAll(kitImport)) {
    if (!isKit(module)) continue
    modules.set(name, module)
    add(module, [], index)
  }
  for (const { 1: exported, 2: bare, 3: dynamic, index } of code.matchAll(kitReference)) {
    const module = exported ?? bare ?? dynamic ?? ''
    if (isKit(module)) add(module, [], index)
  }
  if (modules.size > 0) {
    const names = [...modules.keys()].map((name) => name.replaceAll('$', '\\$')).join('|')
    const member = new RegExp(`(?<![\\w$.])(${names})((?:\\.[\\w$]+){1,3})`, 'g')
    for (const { 1: name = '', 2: path = '', index } of code.matchAll(member)) {
      add(modules.get(name) ?? '', path.slice(1).split('.'), index)
    }
  }
  const placeAt = sourcePlaces(code, map)
  return [...uses.values()]
    .toSorted((a, b) => compareText([a.module, ...a.path].join('.'), [b.module, ...b.path].join('.')))
    .map(({ module, path, offset }) => ({ module, path, place: () => placeAt(offset) }))
}

/** Whether compiled code loads a kit that none of it uses, or may do so: esbuild leaves that out where it was told that it may. */
export function loadsUnusedKits(code: string): boolean {
  const names = [...code.matchAll(kitImport)].flatMap(({ 1: name = '', 2: module = '' }) =>
    isKit(module) ? [name.replaceAll('$', '\\$')] : [],
  )
  const all = [...code.matchAll(/\brequire\("([^"\n]+)"\)/g)].filter(({ 1: module = '' }) => isKit(module))
  if (all.length !== names.length) return true
  if (names.length === 0) return false
  const seen = new Map<string, number>()
  for (const [name] of code.matchAll(new RegExp(`(?<![\\w$.])(?:${names.join('|')})(?![\\w$])`, 'g')))
    seen.set(name, (seen.get(name) ?? 0) + 1)
  return [...seen.values()].some((times) => times < 2)
}

/** Reads the map only when somebody asks: most projects use nothing that is lacking. */
function sourcePlaces(code: string, map: string): (offset: number) => SourcePlace {
  let sourceMap: SourceMap | undefined
  return (offset) => {
    sourceMap ??= new SourceMap(JSON.parse(map))
    const before = code.slice(0, offset).split('\n')
    const found = sourceMap.findEntry(before.length - 1, before.at(-1)?.length ?? 0)
    if (!('originalSource' in found)) return { file: '.', line: 0, column: 0 }
    const { originalSource, originalLine, originalColumn } = found
    return { file: originalSource, line: originalLine + 1, column: originalColumn + 1 }
  }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
