import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { interpretBpf } from '../../test/bpf-interpreter.ts'
import { errnoNumber } from '../system-error.ts'
import { compileFilter } from './compile-filter.ts'
import {
  allow,
  type ArgumentTest,
  fail,
  kill,
  type SeccompAction,
  type SeccompProgram,
} from './filter-rule.ts'
import { type SyscallName, syscallNumber } from './syscall-table.ts'

const ALLOW = 0x7fff0000
const KILL = 0x80000000
const failWith = (code: string): number => 0x00050000 | errnoNumber(code)
const X64 = 0xc000003e
const ARM64 = 0xc00000b7
const none = [0n, 0n, 0n, 0n, 0n, 0n]

const names: SyscallName[] = ['socket', 'ioctl', 'clone', 'ptrace', 'fork']
/** Few values, so that tests and arguments meet. */
const word = fc.constantFrom(0, 1, 2, 3, 0x10, 0x7fffffff, 0x80000000, 0xffffffff)
const anyTest: fc.Arbitrary<ArgumentTest> = fc
  .tuple(
    fc.constantFrom<ArgumentTest['argument'][]>(0, 1, 2, 3, 4, 5),
    fc.option(word, { nil: undefined }),
    fc.oneof(
      fc.array(word, { maxLength: 4 }).map((oneOf) => ({ oneOf })),
      fc.array(word, { maxLength: 4 }).map((noneOf) => ({ noneOf })),
      fc.tuple(word, word).map(([from, to]) => ({ from, to })),
    ),
  )
  .map(([argument, mask, rest]) => ({ argument, ...(mask === undefined ? {} : { mask }), ...rest }))
const anyAction: fc.Arbitrary<SeccompAction> = fc.constantFrom(allow, kill, fail('EPERM'), fail('ENOSYS'))
const anyProgram: fc.Arbitrary<SeccompProgram> = fc
  .array(
    fc.record({
      calls: fc.array(fc.constantFrom(...names), { maxLength: 3 }),
      when: fc.array(anyTest, { maxLength: 3 }),
      action: anyAction,
    }),
    { maxLength: 6 },
  )
  .map((rules) => ({ rules }))

/** What a program means, read off its definition. */
function meaning(program: SeccompProgram, name: SyscallName, args: readonly bigint[]): number {
  for (const rule of program.rules) {
    if (!rule.calls.includes(name)) continue
    if (!(rule.when ?? []).every((one) => passes(one, args))) continue
    if (rule.action.kind === 'allow') return ALLOW
    return rule.action.kind === 'kill' ? KILL : failWith(rule.action.code)
  }
  return ALLOW
}

function passes(one: ArgumentTest, args: readonly bigint[]): boolean {
  const value = Number((args[one.argument] ?? 0n) & 0xffffffffn & BigInt(one.mask ?? 0xffffffff))
  if ('oneOf' in one) return one.oneOf.includes(value)
  if ('noneOf' in one) return !one.noneOf.includes(value)
  return one.from <= value && value <= one.to
}

test('a compiled program decides as its rules say, on both architectures', () => {
  fc.assert(
    fc.property(
      anyProgram,
      fc.constantFrom(...names),
      fc.array(fc.tuple(word, fc.constantFrom(0n, 1n, 0xffffffffn)), { minLength: 6, maxLength: 6 }),
      fc.constantFrom('x64' as const, 'arm64' as const),
      (program, name, halves, architecture) => {
        const number = syscallNumber(name, architecture)
        fc.pre(number !== undefined)
        // The high halves must not matter.
        const args = halves.map(([low, high]) => (high << 32n) | BigInt(low))
        const call = { number, architecture: architecture === 'x64' ? X64 : ARM64, arguments: args }
        expect(interpretBpf(compileFilter(program, architecture), call)).toBe(meaning(program, name, args))
      },
    ),
    { numRuns: 1000 },
  )
})

const denyPtrace: SeccompProgram = { rules: [{ calls: ['ptrace'], action: fail('EPERM') }] }

test.each([
  ['its own calls', 'x64', X64, 0, ALLOW],
  ['a denied call', 'x64', X64, 101, failWith('EPERM')],
  ['a denied call', 'arm64', ARM64, 117, failWith('EPERM')],
  ['the other architecture', 'x64', ARM64, 0, KILL],
  ['the other architecture', 'arm64', X64, 0, KILL],
  ['32-bit calls', 'x64', 0x40000003, 0, KILL],
  ['the first x32 call', 'x64', X64, 0x40000000, failWith('EPERM')],
  ['number -1', 'x64', X64, 0xffffffff, failWith('EPERM')],
  ['number -1', 'arm64', ARM64, 0xffffffff, failWith('ENOSYS')],
  ['the last known call', 'x64', X64, 469, ALLOW],
  ['a call of the future', 'x64', X64, 470, failWith('ENOSYS')],
  ['a call of the future', 'arm64', ARM64, 470, failWith('ENOSYS')],
] as const)('%s on %s', (_what, architecture, audit, number, expected) => {
  const call = { number, architecture: audit, arguments: none }
  expect(interpretBpf(compileFilter(denyPtrace, architecture), call)).toBe(expected)
})

test('a call that an architecture does not have is left out, not turned into another', () => {
  const program: SeccompProgram = { rules: [{ calls: ['fork'], action: kill }] }
  for (let number = 0; number <= 469; number++) {
    const call = { number, architecture: ARM64, arguments: none }
    expect(interpretBpf(compileFilter(program, 'arm64'), call)).toBe(ALLOW)
  }
})

test('more values than a jump can cross are refused', () => {
  const oneOf = Array.from({ length: 300 }, (_, index) => index)
  const program: SeccompProgram = {
    rules: [{ calls: ['socket'], when: [{ argument: 0, oneOf }], action: allow }],
  }
  expect(() => compileFilter(program, 'x64')).toThrow('too long')
})

test('an unknown error name is refused', () => {
  expect(() => compileFilter({ rules: [{ calls: ['socket'], action: fail('ENOPE') }] }, 'x64')).toThrow(
    'ENOPE',
  )
})
