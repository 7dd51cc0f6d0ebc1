import { transformSync } from 'esbuild'
import { expect, test } from 'vitest'

import { plainTypeScript } from './arkui-syntax.ts'

/** Fails when what is left is no TypeScript. */
function compile(text: string): string {
  const plain = plainTypeScript(text) ?? text
  expect(plain.split('\n').length).toBe(text.split('\n').length)
  return transformSync(plain, {
    loader: 'ts',
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
  }).code
}

test('a page becomes an empty class of its name, and the rest of the file stays', () => {
  const code = compile(`
import { a } from './a'
@Entry({ routeName: 'x' })
@Component
export struct Index {
  @State text: string = \`\${a ? '}' : "{"} /\`
  private pattern = /[}/]"/g
  build() {
    Row() { Text(this.text).fontSize(50) // }
    }.height('100%')
  }
}
export const kept = a
export default struct Other<T> { build() {} }
`)
  expect(code).toContain('class Index {')
  expect(code).toContain('class Other {')
  expect(code).toContain('const kept = a')
  expect(code).not.toContain('fontSize')
})

test('functions with ArkUI syntax lose their bodies, decorators of functions go', () => {
  const code = compile(`
@Builder export function card(title: string) { Column() { Text(title) } }
@Extend(Text) function fancy(size: number) { .fontSize(size) }
@Styles function wide() { .width('100%') }
@Concurrent
async function work(): Promise<number> { return 1 }
@Sendable class Shared { value = 1 }
export { work, Shared }
`)
  expect(code).toContain('function card(title)')
  expect(code).toContain('return 1')
  expect(code).toContain('globalThis.__vpnextConcurrent?.(work);')
  expect(code).toContain('Sendable')
  expect(code).not.toMatch(/fontSize|Column|width/)
})

test('lazy imports are imports, and annotations are decorators without effect', () => {
  const code = compile(`
import lazy { a } from './a'
import lazy, { b } from './lazy'
@interface Mark { value: number = 1 }
@Mark({ value: 2 }) class A {}
export const all = [a, b, A]
`)
  expect(code).toContain(`import { a } from "./a"`)
  expect(code).toMatch(/function Mark\(/)
})

test.each([
  'const struct = 1; export const b = struct',
  'const a = { struct: 1 }\nexport const b = a.struct',
  'export const b = "@Builder struct X {"',
  '// struct X {\nexport const b = 1',
])('leaves alone what only looks like it: %j', (text) => {
  expect(plainTypeScript(text) ?? text).toBe(text)
})
