import type { Architecture } from '../raw-syscall.ts'
import { errnoNumber } from '../system-error.ts'
import {
  type BpfInstruction,
  BpfAssembler,
  JUMP_AT_LEAST,
  JUMP_EQUAL,
  JUMP_GREATER,
  type Label,
  newLabel,
} from './bpf-assembler.ts'
import type { ArgumentTest, SeccompAction, SeccompProgram, SeccompRule } from './filter-rule.ts'
import { lastKnownSyscall, syscallNumber } from './syscall-table.ts'

// struct seccomp_data { int nr; u32 arch; u64 ip; u64 args[6] }, little endian
const NUMBER = 0
const ARCHITECTURE = 4
const ARGUMENTS = 16

/** include/uapi/linux/audit.h. */
const auditArchitecture: Readonly<Record<Architecture, number>> = { x64: 0xc000003e, arm64: 0xc00000b7 }
/** __X32_SYSCALL_BIT: the same calls again, under other numbers. */
const X32 = 0x40000000

// SECCOMP_RET_*, include/uapi/linux/seccomp.h
const RET_KILL_PROCESS = 0x80000000
const RET_ERRNO = 0x00050000
const RET_ALLOW = 0x7fff0000

/**
 * Compiles a program to classic BPF. Before the rules: another architecture's call ends the process, an x32 call fails
 * with EPERM, and a call newer than the table fails with ENOSYS, so that it cannot stand in for a denied one.
 *
 * @throws RangeError when a rule has too many values, or an unknown error code
 */
export function compileFilter(program: SeccompProgram, architecture: Architecture): BpfInstruction[] {
  const bpf = new BpfAssembler()
  guard(bpf, ARCHITECTURE, JUMP_EQUAL, auditArchitecture[architecture], 'pass', RET_KILL_PROCESS)
  if (architecture === 'x64') guard(bpf, NUMBER, JUMP_AT_LEAST, X32, 'stop', RET_ERRNO | errnoNumber('EPERM'))
  guard(bpf, NUMBER, JUMP_GREATER, lastKnownSyscall, 'stop', RET_ERRNO | errnoNumber('ENOSYS'))
  for (const rule of program.rules) compileRule(bpf, rule, architecture)
  bpf.return(RET_ALLOW)
  return bpf.assemble()
}

/** Compares one word; either the match passes and the rest returns `value`, or the other way round. */
function guard(
  bpf: BpfAssembler,
  offset: number,
  comparison: typeof JUMP_EQUAL | typeof JUMP_GREATER | typeof JUMP_AT_LEAST,
  operand: number,
  onMatch: 'pass' | 'stop',
  value: number,
): void {
  const passed = newLabel()
  bpf.load(offset)
  bpf.branch(comparison, operand, onMatch === 'pass' ? passed : 'next', onMatch === 'pass' ? 'next' : passed)
  bpf.return(value)
  bpf.place(passed)
}

function compileRule(bpf: BpfAssembler, rule: SeccompRule, architecture: Architecture): void {
  const numbers = rule.calls
    .map((name) => syscallNumber(name, architecture))
    .filter((number) => number !== undefined)
  if (numbers.length === 0) return
  const applies = newLabel()
  const skipped = newLabel()
  bpf.load(NUMBER)
  for (const number of numbers) bpf.branch(JUMP_EQUAL, number, applies, 'next')
  bpf.jump(skipped)
  bpf.place(applies)
  for (const test of rule.when ?? []) compileTest(bpf, test, skipped)
  bpf.return(returnValue(rule.action))
  bpf.place(skipped)
}

/** Falls through when the test passes, else jumps to `skipped`. */
function compileTest(bpf: BpfAssembler, test: ArgumentTest, skipped: Label): void {
  bpf.load(ARGUMENTS + 8 * test.argument)
  if (test.mask !== undefined) bpf.and(test.mask)
  const passed = newLabel()
  const failed = newLabel()
  if ('oneOf' in test) {
    for (const value of test.oneOf) bpf.branch(JUMP_EQUAL, value, passed, 'next')
    bpf.jump(skipped)
  } else if ('noneOf' in test) {
    for (const value of test.noneOf) bpf.branch(JUMP_EQUAL, value, failed, 'next')
    bpf.jump(passed)
    bpf.place(failed)
    bpf.jump(skipped)
  } else {
    bpf.branch(JUMP_AT_LEAST, test.from, 'next', failed)
    bpf.branch(JUMP_GREATER, test.to, failed, passed)
    bpf.place(failed)
    bpf.jump(skipped)
  }
  bpf.place(passed)
}

function returnValue(action: SeccompAction): number {
  switch (action.kind) {
    case 'allow':
      return RET_ALLOW
    case 'fail':
      return RET_ERRNO | errnoNumber(action.code)
    case 'kill':
      return RET_KILL_PROCESS
    default:
      return action satisfies never
  }
}
