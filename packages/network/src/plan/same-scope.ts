import type { Scope } from './request.ts'

/** Whether two scopes are the same whole. */
export function sameScope(one: Scope, other: Scope): boolean {
  if (one.kind === 'device' || other.kind === 'device') return one.kind === other.kind
  return one.uid === other.uid
}
