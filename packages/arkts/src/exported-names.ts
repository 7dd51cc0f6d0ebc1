/**
 * The names that a bundle exports, read from its text: esbuild tells them of ECMAScript modules only, and to make one besides would take as
 * long again.
 *
 * @param code of esbuild, as CommonJS of an ECMAScript module, not minified
 * @returns sorted; empty when it exports nothing
 */
export function exportedNames(code: string): string[] {
  const object = /^module\.exports = __toCommonJS\(([\w$]+)\);$/m.exec(code)?.[1]
  if (object === undefined) return []
  const start = code.indexOf(`\n__export(${object}, {\n`)
  const end = code.indexOf('\n});', start)
  if (start === -1 || end === -1) return []
  // One name a line, in quotation marks when it is no identifier.
  return [...code.slice(start, end).matchAll(/^ {2}(?:"([^"\n]+)"|([^\s"]+)): \(\) => /gm)]
    .map(([, quoted, plain]) => quoted ?? plain ?? '')
    .toSorted()
}
