import { basename } from 'node:path'

/** Commands of HarmonyOS's shell that this program answers to when it is called by their names. */
const names: ReadonlySet<string> = new Set(['aa', 'bm', 'hilog', 'param'])

/**
 * The verb that the name of a program stands for.
 *
 * @param script `process.argv[1]`: a link `aa` to `vpnext` means `vpnext aa`
 * @returns what to put before the arguments
 */
export function verbOfProgram(script: string | undefined): string[] {
  const name = basename(script ?? '').replace(/\.[cm]?js$/, '')
  return names.has(name) ? [name] : []
}
