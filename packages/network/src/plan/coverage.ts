import { type Family, makePrefix, type Prefix, PrefixSet } from '@vpnext/ip'

/**
 * The destinations whose longest matching prefix is an included one.
 *
 * @returns disjoint prefixes, as few as possible
 */
export function coveredPrefixes(included: readonly Prefix[], excluded: readonly Prefix[]): Prefix[] {
  if (excluded.length === 0) return PrefixSet.from(included).toPrefixes()
  const steps = [
    ...included.map((prefix) => ({ prefix, inside: true })),
    ...excluded.map((prefix) => ({ prefix, inside: false })),
  ]
  // The longer prefix decides, so it comes later; of two equal ones the exclusion does.
  steps.sort((a, b) => a.prefix.length - b.prefix.length || Number(b.inside) - Number(a.inside))
  const set = new PrefixSet()
  for (const { prefix, inside } of steps) {
    if (inside) set.add(prefix)
    else set.subtract(prefix)
  }
  return set.toPrefixes()
}

/** Whether the prefixes capture the default route: one of length 0, or all its parts, e.g. 0.0.0.0/1 and 128.0.0.0/1. */
export function coversEverything(family: Family, included: readonly Prefix[]): boolean {
  return PrefixSet.from(included).covers(makePrefix({ family, value: 0n }, 0))
}
