import { expect, test } from 'vitest'
import { sampleBundle } from '../../test/sample-target.ts'
import { checkTestPeriod, resolveTests, resolveWant } from './resolve-want.ts'

const bundle = sampleBundle()
const lookup = {
  find: (uid: number, name: string) =>
    uid === bundle.ownerUid && name === bundle.bundleName ? bundle : undefined,
  isForeign: (uid: number, name: string) => uid !== bundle.ownerUid && name === bundle.bundleName,
}
const caller = (uid: number): { uid: number; gid: number; groups: number[] } => ({
  uid,
  gid: uid,
  groups: [],
})
const good = { bundleName: 'com.example.vpn', abilityName: 'VpnAbility' }

test('a want names an extension of an own bundle, with or without its module', () => {
  expect(resolveWant(lookup, caller(1000), good)).toMatchObject({ bundle, owner: { uid: 1000 } })
  expect(resolveWant(lookup, caller(1000), { ...good, moduleName: 'entry', deviceId: '' }).module.name).toBe(
    'entry',
  )
  expect(resolveWant(lookup, caller(1000), { ...good, moduleName: '' }).ability.name).toBe('VpnAbility')
})

test.each([
  ['{}', {}, 1000, 16000001],
  ['no ability', { bundleName: 'com.example.vpn' }, 1000, 16000001],
  ['an unknown bundle', { ...good, bundleName: 'com.example.other' }, 1000, 16000001],
  ['an unknown ability', { ...good, abilityName: 'Vpnability' }, 1000, 16000001],
  ['another module', { ...good, moduleName: 'feature' }, 1000, 16000001],
  ['a page', { ...good, abilityName: 'EntryAbility' }, 1000, 16000002],
  ["another user's bundle", good, 1001, 16000006],
])('%s is refused', (_what, want, uid, code) => {
  expect(() => resolveWant(lookup, caller(uid), want)).toThrow(expect.objectContaining({ code }))
})

test('an extension of another type is refused', () => {
  const manifest = structuredClone(bundle.manifest)
  for (const { abilities } of manifest.modules) for (const ability of abilities) ability.type = 'form'
  const other = { find: () => sampleBundle({ manifest }), isForeign: () => false }
  expect(() => resolveWant(other, caller(1000), good)).toThrow(expect.objectContaining({ code: 16000002 }))
})

test('of tests without a module those of a library come last', () => {
  const [entry] = bundle.manifest.modules
  if (entry === undefined) throw new Error('the sample has no module')
  const library = { ...entry, name: 'core', type: 'har' as const, abilities: [], testSuite: 'core-ohosTest' }
  const tested = { ...entry, testSuite: 'entry-ohosTest' }
  const moduleOf = (modules: (typeof entry)[], name?: string): string => {
    const some = sampleBundle({ manifest: { ...bundle.manifest, modules } })
    const found = { find: () => some, isForeign: () => false }
    return resolveTests(found, caller(1000), some.bundleName, name).module.name
  }
  expect(moduleOf([library, tested])).toBe(entry.name)
  expect(moduleOf([library, tested], 'core_test')).toBe('core')
  expect(moduleOf([library, entry])).toBe('core')
})

test('a test period ends', () => {
  const manifest = structuredClone(bundle.manifest)
  manifest.app.crowdtestingExpiresAt = 1000
  const limited = sampleBundle({ manifest })
  checkTestPeriod(bundle, 2000)
  checkTestPeriod(limited, 999)
  expect(() => checkTestPeriod(limited, 1000)).toThrow(expect.objectContaining({ code: 16000008 }))
})
