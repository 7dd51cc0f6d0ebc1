/** Conditions of `exports` that hold for code that is bundled for an extension, which is neither a browser nor Node. */
const conditions: ReadonlySet<string> = new Set(['import', 'module', 'require', 'default'])

/**
 * What `exports` of an npm package.json says that an import means (nodejs.org, «Modules: Packages», Package entry points).
 *
 * @param exports as it is written
 * @param subpath `.` for the package itself, else `./` and what comes after its name
 * @returns the file, relative to the package; undefined when it says nothing of this import
 */
export function exportedFile(exports: unknown, subpath: string): string | undefined {
  const keys = isObject(exports) ? Object.keys(exports) : []
  if (!isObject(exports) || !keys.some((key) => key.startsWith('.')))
    return subpath === '.' ? fileOf(exports) : undefined
  if (Object.hasOwn(exports, subpath)) return fileOf(exports[subpath])
  // Of patterns that fit, the longest before the star counts.
  for (const key of keys.filter((each) => each.includes('*')).toSorted(byLengthBeforeStar)) {
    const [start = '', end = ''] = key.split('*')
    if (!subpath.startsWith(start) || !subpath.endsWith(end)) continue
    const star = subpath.slice(start.length, subpath.length - end.length)
    if (star !== '') return fileOf(exports[key])?.replaceAll('*', () => star)
  }
  return undefined
}

function byLengthBeforeStar(a: string, b: string): number {
  return b.indexOf('*') - a.indexOf('*')
}

/** The first that fits of texts, of lists of alternatives and of conditions. */
function fileOf(target: unknown): string | undefined {
  if (typeof target === 'string') return target.startsWith('./') ? target : undefined
  const targets: unknown[] = Array.isArray(target)
    ? target
    : isObject(target)
      ? Object.entries(target).flatMap(([condition, each]) => (conditions.has(condition) ? [each] : []))
      : []
  return targets.map(fileOf).find((file) => file !== undefined)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
