import { expect, test } from 'vitest'

import { testKits, vpnExtensionOf } from '../../test/test-runtime.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('every observer hears of every answer, by its latest callback', async () => {
  const { kits } = testKits()
  const heard: string[] = []
  const [first, second] = [vpnExtensionOf(kits).createVpnObserver(), vpnExtensionOf(kits).createVpnObserver()]
  first.onAuthorizationResult(() => heard.push('replaced'))
  first.onAuthorizationResult((allowed: boolean) => heard.push(`first ${allowed}`))
  second.onAuthorizationResult((allowed: boolean) => heard.push(`second ${allowed}`))
  kits.authorizationResult(true)
  kits.authorizationResult(false)
  await turn()
  expect(heard).toEqual(['first true', 'second true', 'first false', 'second false'])
})

test('off() ends it, off(callback) only for the same; what is no callback is ignored', async () => {
  const { kits } = testKits()
  const heard: boolean[] = []
  const callback = (allowed: boolean): void => void heard.push(allowed)
  const observer = vpnExtensionOf(kits).createVpnObserver()
  observer.onAuthorizationResult(callback)
  observer.onAuthorizationResult(5)
  observer.onAuthorizationResult()
  observer.offAuthorizationResult(() => undefined)
  kits.authorizationResult(true)
  await turn()
  expect(heard).toEqual([true])
  observer.offAuthorizationResult(callback)
  kits.authorizationResult(true)
  observer.onAuthorizationResult(callback)
  observer.offAuthorizationResult()
  kits.authorizationResult(true)
  await turn()
  expect(heard).toEqual([true])
})

test('it has no members of its own', () => {
  const { kits } = testKits()
  const observer = vpnExtensionOf(kits).createVpnObserver()
  expect(JSON.stringify(observer)).toBe('{}')
  expect(Reflect.get(observer, 'on')).toBeUndefined()
})
