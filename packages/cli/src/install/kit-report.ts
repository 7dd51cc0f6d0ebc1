import type { CompiledProject, KitUse } from '@vpnext/arkts'
import { findLacking } from '@vpnext/kit/surface'
import { visible } from '../text/visible.ts'

/** What an extension uses of one kit. */
export interface UsedKit {
  readonly module: string
  /** The names it reads from it, sorted; none for an import alone. */
  readonly members: readonly string[]
}

/** Something that an extension uses and that vpnext has not. */
export interface LackingUse {
  /** With the member that is wanted: `@kit.ArkUI.promptAction`, `@ohos.net.http.createHttp`. */
  readonly name: string
  /** `function`: the rest of its namespace is there. */
  readonly kind: 'module' | 'member' | 'function'
  /** What only pages can use does no harm: an extension has no window on a device either. */
  readonly forPages: boolean
  /** Only scripts of worker threads use it, which may be those of pages. */
  readonly onlyInWorkers: boolean
  /** Where the code uses it first; relative to the project folder, line and column from 1. */
  readonly file: string
  readonly line: number
  readonly column: number
}

/** Which kits the extensions of a project use, and what of it is lacking. */
export interface KitReport {
  readonly uses: readonly UsedKit[]
  readonly lacking: readonly LackingUse[]
}

/** Looks through what the compiled extensions of a project use, and the threads they may start; nothing of it is run. */
export function reportKits({ entries, workers }: Pick<CompiledProject, 'entries' | 'workers'>): KitReport {
  const own = [...entries.values()].flatMap(({ kitUses }) => kitUses)
  const ofThreads = [...workers.values()].flatMap(({ kitUses }) => kitUses)
  const uses = [...own, ...ofThreads]
  const members = new Map<string, Set<string>>()
  for (const { module, path } of uses) {
    const known = members.get(module) ?? new Set()
    members.set(module, known)
    const name = path.filter((step) => step !== 'default')[0]
    if (name !== undefined) known.add(name)
  }
  return {
    uses: [...members]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([module, names]) => ({ module, members: [...names].toSorted() })),
    lacking: withWorkers(lackingUses(own), lackingUses(ofThreads)),
  }
}

function withWorkers(own: readonly Lacking[], ofThreads: readonly Lacking[]): LackingUse[] {
  const known = new Set(own.map(({ name }) => name))
  return [
    ...own.map((use) => ({ ...use, onlyInWorkers: false })),
    ...ofThreads.filter(({ name }) => !known.has(name)).map((use) => ({ ...use, onlyInWorkers: true })),
  ]
}

type Lacking = Omit<LackingUse, 'onlyInWorkers'>

function lackingUses(uses: readonly KitUse[]): Lacking[] {
  const found = new Map<string, Lacking>()
  const named = new Set(uses.filter(({ path }) => path.length > 0).map(({ module }) => module))
  for (const use of uses) {
    // An import is told with what is wanted of it.
    if (use.path.length === 0 && named.has(use.module)) continue
    const lacking = findLacking(use.module, use.path)
    const known = lacking === undefined ? undefined : found.get(lacking.name)
    if (lacking === undefined || (known?.line ?? 0) > 0) continue
    found.set(lacking.name, { ...lacking, ...use.place() })
  }
  return [...found.values()]
}

/** What cannot be imported, though an extension may need it: without it an extension is not installed unless asked for. */
export function blocking({ lacking }: KitReport): LackingUse[] {
  return lacking.filter(
    ({ kind, forPages, onlyInWorkers }) => kind !== 'function' && !forPages && !onlyInWorkers,
  )
}

/** One line: the name, and where it is used. */
export function lackingLine({ name, file, line, column, forPages, onlyInWorkers }: LackingUse): string {
  const place = line > 0 ? `${file}:${line}:${column}` : file
  const remark = forPages ? ' (for pages only)' : onlyInWorkers ? ' (in a worker only)' : ''
  return visible(`${place}: ${name}${remark}`)
}

/** What is used, a line for each kit. */
export function usedLines({ uses }: KitReport): string[] {
  return uses.map(({ module, members }) =>
    visible(members.length === 0 ? module : `${module}: ${members.join(', ')}`),
  )
}
