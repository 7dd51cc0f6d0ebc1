/**
 * Source maps that code of a project names itself. esbuild would merge them into its own, and with them the text of whatever files they
 * name, wherever on this machine these are: whoever compiles a stranger's project would hand over their own files.
 */

/** As esbuild finds it, in comments of both kinds. */
const name = ' sourceMappingURL='
/** Of several names the last one counts. Below /proc there is nothing but what the kernel has there, and of what is not there esbuild says nothing. */
const nowhere = `\n//#${name}/proc/vpnext-none\n`

/** Whether a text may name a source map. */
export function namesInputMap(text: string): boolean {
  return text.includes(name)
}

/** The same code, naming a source map that is nowhere if it names one. */
export function withoutInputMap(text: string): string {
  return namesInputMap(text) ? text + nowhere : text
}
