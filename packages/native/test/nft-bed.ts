import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { afterEach, beforeEach } from 'vitest'

import { type Fd, openFds } from '../src/fd.ts'
import { createNetworkNamespace, withNetworkNamespace } from '../src/namespace.ts'
import { SystemError } from '../src/system-error.ts'

let namespace: Fd

/** Gives each test of the file a network namespace of its own, and sees that it leaves no descriptor. */
export function useNamespace(): void {
  beforeEach(() => {
    namespace = createNetworkNamespace()
  })
  afterEach(() => {
    namespace.close()
    assert.equal(openFds(), 0)
  })
}

export function inside<Result>(action: () => Result): Result {
  return withNetworkNamespace(namespace, action)
}

/** What the command nft(8) prints. */
export function nft(...args: string[]): string {
  return inside(() => execFileSync('nft', args, { encoding: 'utf8' }))
}

/** What `action` fails with. @throws Error when it does not fail */
export function failure(action: () => unknown): SystemError {
  try {
    inside(action)
  } catch (error) {
    if (error instanceof SystemError) return error
    throw error
  }
  throw new Error('it did not fail')
}
