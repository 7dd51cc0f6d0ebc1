/** Files that are more than TypeScript; esbuild reads all others itself. */
export const arkuiFiles = 'arkui'
/** Modules whose text is made here. */
export const madeModules = 'made'

/**
 * Modules that the host provides: the system's (`@kit.NetworkKit`, `@ohos.net.vpnExtension`, `@ohos:hilog`), and vpnext's own,
 * which no device has.
 */
export function isKit(path: string): boolean {
  return /^@(?:kit|ohos|hms|system|arkts)[.:]|^@ohos\/(?:hypium|hamock)$|^@vpnext\/(?:packet|wireguard)$/.test(
    path,
  )
}

/** A native module of the bundle: `libentry.so`. */
export function isNative(path: string): boolean {
  return path.endsWith('.so')
}

/** The name of an entry whose text is made here. */
export function madeEntry(key: string): string {
  return `${madeModules}-entry:${key}`
}

/** The kits as esbuild's `external` takes them: those of {@link isKit} that no package can be. */
export const kitPatterns: readonly string[] = ['kit', 'ohos', 'hms', 'system', 'arkts'].flatMap((name) => [
  `@${name}.*`,
  `@${name}:*`,
])

/** An importer in a metafile, as esbuild names it when it asks. */
export function importerOf(input: string): string {
  return input.replace(new RegExp(`^(?:${arkuiFiles}|${madeModules}):`), '')
}

/** Whether what a metafile names is a file, as esbuild read it, and no text of ours. */
export function isReadByEsbuild(input: string): boolean {
  return importerOf(input) === input
}

/** Paths of files that are more than TypeScript, as they stand in source maps and messages, to those of the project. */
export function plainPath(text: string): string {
  return text.replaceAll(`${arkuiFiles}:`, '')
}
