import { mkdirSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sampleBundle } from '../../test/sample-target.ts'
import { type TemporaryFolder, temporaryFolder } from '../../test/temporary-folder.ts'
import { AuditLog } from '../audit/audit-log.ts'
import { Policy } from '../policy/policy.ts'
import { ConsentDesk } from './consent-desk.ts'
import { ConsentStore } from './consent-store.ts'
import { Consents } from './consents.ts'

const bundle = sampleBundle()
let folder: TemporaryFolder
let audit: AuditLog
let desk: ConsentDesk
let heard: string[]
let consents: Consents

beforeEach(() => {
  folder = temporaryFolder()
  mkdirSync(folder.in('policy'))
  audit = AuditLog.open(folder.in('audit.jsonl'), () => expect.unreachable()).log
  desk = new ConsentDesk(60_000)
  heard = []
  consents = new Consents({
    policy: Policy.open(folder.in('policy'), () => expect.unreachable()),
    store: ConsentStore.open(folder.in('consent.json')),
    desk,
    audit,
    onAnswer: (_bundle, allowed) => heard.push(`answer ${allowed}`),
    onAllowed: () => heard.push('allowed'),
  })
})
afterEach(() => {
  audit.close()
  folder[Symbol.dispose]()
})

function setPolicy(consent: 'allowed' | 'denied'): void {
  const rules = [{ bundleName: bundle.bundleName, consent }]
  writeFileSync(folder.in('policy', 'a.json'), JSON.stringify({ version: 1, rules }))
}

test('the user decides about one code', () => {
  expect(consents.standing(bundle)).toBe('open')
  consents.decide(bundle, true, bundle.ownerUid)
  expect(consents.standing(bundle)).toBe('allowed')
  expect(consents.standing({ ...bundle, codeHash: 'b'.repeat(64) })).toBe('open')
  consents.decide(bundle, false, bundle.ownerUid)
  expect(consents.standing(bundle)).toBe('open')
})

test('the administrator decides before the user', async () => {
  consents.decide(bundle, true, bundle.ownerUid)
  await Promise.resolve()
  setPolicy('denied')
  expect(consents.standing(bundle)).toBe('forbidden')
  await Promise.resolve()
  setPolicy('allowed')
  expect(consents.standing(sampleBundle({ codeHash: 'b'.repeat(64) }))).toBe('allowed')
})

test('only an answer to a question is told as one', async () => {
  consents.decide(bundle, true, bundle.ownerUid)
  expect(heard).toEqual(['allowed'])
  const { ownerUid, bundleName, codeHash } = bundle
  const asked = { ownerUid, bundleName, codeHash, label: '', abilityName: '', permissions: [] }
  const answer = desk.ask(asked, new AbortController().signal)
  consents.decide(bundle, false, bundle.ownerUid)
  expect(await answer).toBe('denied')
  expect(heard).toEqual(['allowed', 'answer false'])
})
