import type { SyscallName } from './syscall-table.ts'

/** What happens to a system call: it runs, it fails with an error, or the process ends by SIGSYS. */
export type SeccompAction =
  { readonly kind: 'allow' } | { readonly kind: 'fail'; readonly code: string } | { readonly kind: 'kill' }

/**
 * A test of one argument: of its low 32 bits, which is all that the kernel reads of the `int` arguments filtered here;
 * `mask` (default all ones) is applied first. Each value is 0 to 2^32-1.
 */
export type ArgumentTest = { readonly argument: 0 | 1 | 2 | 3 | 4 | 5; readonly mask?: number } & (
  | { readonly oneOf: readonly number[] }
  | { readonly noneOf: readonly number[] }
  /** Both ends included. */
  | { readonly from: number; readonly to: number }
)

/** Applies to the named calls whose arguments pass all tests. */
export interface SeccompRule {
  readonly calls: readonly SyscallName[]
  readonly when?: readonly ArgumentTest[]
  readonly action: SeccompAction
}

/** The first rule that applies decides; a call without one is allowed. */
export interface SeccompProgram {
  readonly rules: readonly SeccompRule[]
}

export const allow: SeccompAction = { kind: 'allow' }
export const kill: SeccompAction = { kind: 'kill' }

/** @param code e.g. `EPERM` */
export function fail(code: string): SeccompAction {
  return { kind: 'fail', code }
}

/** A program that denies calls whatever their arguments. */
export function denyList(
  calls: readonly SyscallName[],
  action: SeccompAction = fail('EPERM'),
): SeccompProgram {
  return { rules: [{ calls, action }] }
}
