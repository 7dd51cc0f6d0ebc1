import { provide } from '../../provided.ts'
import { AsyncLock, AsyncLockOptions, asyncLockMode } from './async-lock.ts'

/** `ArkTSUtils` of `@kit.ArkTS`: locks. */
export function arkTSUtilsNamespace(): object {
  return provide('ArkTSUtils', {
    locks: provide('ArkTSUtils.locks', {
      AsyncLock,
      AsyncLockOptions,
      AsyncLockMode: provide('ArkTSUtils.locks.AsyncLockMode', asyncLockMode),
    }),
  })
}
