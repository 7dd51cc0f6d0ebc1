/** Largest archive the service takes, in bytes. */
export const maxArchiveBytes = 64 * 1024 * 1024

/** Reverse-DNS as HarmonyOS has it: 7 to 128 characters, at least two dots' worth of segments. */
export const bundleNamePattern = /^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z0-9_]+){1,}$/

/** Text that people are shown when they decide: without control characters and without marks that reorder it. */
export const plainTextPattern = /^[^\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]*$/u

/** The script that stands in for a native module, as a key into `scripts`. No ability can have such a name. */
export function standInKey(nativeModule: string): string {
  return `stand-in-${nativeModule}`
}

/**
 * The script of a worker, as a key into `scripts`. No ability can have such a name.
 *
 * @param place its module and path without an ending, e.g. `entry/ets/workers/Worker`; '' gives what all such keys begin with
 */
export function workerKey(place: string): string {
  const part = place.replaceAll(/[^A-Za-z0-9_/-]/g, (mark) => `.x${mark.codePointAt(0)?.toString(16)}.`)
  return `worker-${part.replaceAll('/', '.')}`
}

/** The export of an ability's script that is its module's AbilityStage, where it has one. */
export const stageExport = 'vpnextAbilityStage'

/** Begins the name in `require` of a package that the project lacked when it was compiled all the same. */
export const absentPackagePrefix = 'absent:'
