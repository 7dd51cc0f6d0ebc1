import { provide } from '../../provided.ts'
import { isSendableObject } from './sendable-classes.ts'
import { AsyncLock, AsyncLockOptions, asyncLockMode } from './async-lock.ts'

/** `ArkTSUtils` of `@kit.ArkTS`: locks. */
export function arkTSUtilsNamespace(): object {
  return provide('ArkTSUtils', {
    isSendable: (value: unknown) =>
      (typeof value !== 'object' && typeof value !== 'function') || value === null || isSendableObject(value),
    locks: provide('ArkTSUtils.locks', {
      AsyncLock,
      AsyncLockOptions,
      AsyncLockMode: provide('ArkTSUtils.locks.AsyncLockMode', asyncLockMode),
    }),
  })
}
