import { build, buildSync } from 'esbuild'
import { expect, test } from 'vitest'

import { exportedNames } from './exported-names.ts'

/** The text of a bundle, and what esbuild says of the same code as an ECMAScript module. */
async function bundle(contents: string): Promise<{ code: string; told: string[] }> {
  const options = {
    stdin: { contents, loader: 'ts' as const, resolveDir: import.meta.dirname },
    bundle: true,
    write: false as const,
    metafile: true as const,
    external: ['@kit.*'],
    charset: 'utf8' as const,
    keepNames: true,
  }
  const { metafile } = await build({ ...options, format: 'esm' })
  const { outputFiles } = buildSync({ ...options, format: 'cjs' })
  return {
    code: outputFiles[0]?.text ?? '',
    told: Object.values(metafile.outputs)[0]?.exports.toSorted() ?? [],
  }
}

test.each([
  'export default class A {}',
  'export class A {}; export const b = 1, größe = 2; export { A as default, b as "a name" }',
  'const a = 1; export { a as default }',
  'import { x } from "@kit.X"; export { x }; export enum E { a }; export namespace N { export const n = 1 }',
  'const a = "module.exports = __toCommonJS(b);"; console.log(a)',
  'export * from "./exported-names.ts"; export type T = number',
  'export const text = "\\n});\\n__export(stdin_exports, {\\n  other: () => "',
])('what esbuild says of the same module: %s', async (contents) => {
  const { code, told } = await bundle(contents)
  expect(exportedNames(code)).toEqual(told)
})
