import { ArkuiScanner } from './arkui-scanner.ts'
import type { CodeToken } from './arkui-scanner.ts'

/** What ArkTS has and TypeScript has not; files without any of it, which is nearly all, are not looked at twice. */
const arkOnly =
  /\bstruct\s|@(?:Builder|Extend|Styles|AnimatableExtend|Concurrent|Sendable|interface)\b|\bimport\s+lazy\b/

/** Decorators of functions that hold ArkUI's own syntax, which no extension can run. */
const interfaceDecorators: ReadonlySet<string> = new Set(['Builder', 'Extend', 'Styles', 'AnimatableExtend'])

/** Words that may stand between a decorator and what it decorates. */
const modifiers: ReadonlySet<string> = new Set(['export', 'default', 'async', 'declare', 'abstract'])

/**
 * Makes TypeScript of an ArkTS file that holds more than that. Pages (`struct`) become empty classes of their names,
 * functions with ArkUI's syntax lose their bodies, decorators of functions and `lazy` of imports go. An extension has no window to show a page in; what else the file exports works.
 *
 * @returns text of the same lines, so that positions stay; undefined when there is nothing to change
 */
export function plainTypeScript(text: string): string | undefined {
  if (!arkOnly.test(text)) return undefined
  const edits: Edit[] = []
  const scanner = new ArkuiScanner(text)
  let before = noDecorators
  for (let token = scanner.next(); token.kind !== 'end'; token = scanner.next()) {
    if (token.text === '@' && token.kind === 'mark') before = takeDecorator(scanner, token, before, edits)
    else if (token.kind === 'word' && modifiers.has(token.text)) continue
    else {
      takeStatement(scanner, token, before, { text, edits })
      before = noDecorators
    }
  }
  return edits.length === 0 ? undefined : applyEdits(text, edits)
}

interface Edit {
  readonly start: number
  readonly end: number
  /** Goes before what is blanked. */
  readonly insert: string
}

/** The decorators that come before a declaration. */
interface Decorators {
  readonly names: readonly string[]
  readonly ranges: readonly { readonly start: number; readonly end: number }[]
}

const noDecorators: Decorators = { names: [], ranges: [] }

function takeDecorator(scanner: ArkuiScanner, at: CodeToken, before: Decorators, edits: Edit[]): Decorators {
  const name = scanner.next()
  if (name.text === 'interface') {
    takeAnnotation(scanner, at, edits)
    return noDecorators
  }
  let end = name.end
  while (scanner.peek().text === '.') {
    scanner.next()
    end = scanner.next().end
  }
  if (scanner.peek().text === '(') {
    scanner.next()
    end = scanner.skipBalanced()
  }
  return { names: [...before.names, name.text], ranges: [...before.ranges, { start: at.start, end }] }
}

function takeStatement(
  scanner: ArkuiScanner,
  token: CodeToken,
  { names, ranges }: Decorators,
  { text, edits }: { readonly text: string; readonly edits: Edit[] },
): void {
  if (token.kind !== 'word') return
  const decorators = ranges.map((range) => ({ ...range, insert: '' }))
  if (token.text === 'struct' && scanner.peek().kind === 'word') {
    const name = scanner.next().text
    const body = skipToBody(scanner)
    if (body === undefined) return
    edits.push(...decorators, { start: token.start, end: scanner.skipBalanced(), insert: `class ${name} {}` })
  } else if (token.text === 'function' && names.length > 0) {
    const declared = scanner.peek().text === '*' ? '' : scanner.peek().text
    edits.push(
      ...decorators.map((edit, index) =>
        names[index] === 'Concurrent' && begins(text, edit.start)
          ? { ...edit, insert: handOver(declared) }
          : edit,
      ),
    )
    const body = names.some((name) => interfaceDecorators.has(name)) ? skipToBody(scanner) : undefined
    if (body !== undefined) edits.push({ start: body.end, end: scanner.skipBalanced() - 1, insert: '' })
  } else if (token.text === 'type' && names.length > 0) edits.push(...decorators)
  else if (token.text === 'import' && scanner.peek().text === 'lazy') {
    const { start, end } = scanner.next()
    // In `import lazy from './x'` it is the name of a default import.
    if (!['from', ','].includes(scanner.peek().text)) edits.push({ start, end, insert: '' })
  }
}

/** Whether a statement can begin there: not between `export` and what it exports. */
function begins(text: string, at: number): boolean {
  return !/\b(?:export|default|async)\s*$/.test(text.slice(0, at))
}

/** The host hears of the function, which is a declaration and so is there already: threads of taskpool find it by that. */
function handOver(name: string): string {
  return name === '' ? '' : `globalThis.__vpnextConcurrent?.(${name});`
}

/** To behind the brace that opens a body, over type parameters, parameters and a type. */
function skipToBody(scanner: ArkuiScanner): CodeToken | undefined {
  for (;;) {
    const token = scanner.next()
    if (token.kind === 'end' || token.text === ';') return undefined
    if (token.text === '{') return token
    if (token.text === '(') scanner.skipBalanced()
  }
}

/** `@interface Name { … }` declares an annotation: a decorator without effect here, with arguments or without. */
function takeAnnotation(scanner: ArkuiScanner, at: CodeToken, edits: Edit[]): void {
  const name = scanner.next().text
  if (skipToBody(scanner) === undefined) return
  const end = scanner.skipBalanced()
  const body = '{ return args.length === 1 && typeof args[0] === "object" ? () => {} : undefined }'
  edits.push({ start: at.start, end, insert: `function ${name}(...args: any[]): any ${body}` })
}

function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = ''
  let offset = 0
  for (const { start, end, insert } of edits) {
    const blanked = text.slice(start, end).replaceAll(/[^\n\r\u2028\u2029]/g, insert === '' ? ' ' : '')
    result += text.slice(offset, start) + insert + blanked
    offset = end
  }
  return result + text.slice(offset)
}
