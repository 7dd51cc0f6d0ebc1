/**
 * What a bundle exports, read from its text: esbuild tells the names of ECMAScript modules only, and to make one besides would take as
 * long again.
 *
 * @param code of esbuild, as CommonJS of an ECMAScript module, not minified
 * @returns by its name, the expression that gives it; empty when it exports nothing
 */
export function exportedValues(code: string): Map<string, string> {
  const object = /^module\.exports = __toCommonJS\(([\w$]+)\);$/m.exec(code)?.[1]
  if (object === undefined) return new Map()
  const start = code.indexOf(`\n__export(${object}, {\n`)
  const end = code.indexOf('\n});', start)
  if (start === -1 || end === -1) return new Map()
  // One name a line, in quotation marks when it is no identifier.
  const lines = code.slice(start, end).matchAll(/^ {2}(?:"([^"\n]+)"|([^\s"]+)): \(\) => (.*?),?$/gm)
  return new Map([...lines].map(([, quoted, plain, value = '']) => [quoted ?? plain ?? '', value]))
}

/** The names of {@link exportedValues}, sorted. */
export function exportedNames(code: string): string[] {
  return [...exportedValues(code).keys()].toSorted()
}
