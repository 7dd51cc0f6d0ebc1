import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { AuditBudget } from './audit-budget.ts'
import { type AuditEvent, AuditLog } from './audit-log.ts'
import { verifyAuditText } from './chain.ts'

const bundle = { bundleName: 'com.example.vpn', codeHash: 'ab'.repeat(32) }
const tunnelUp = (ownerUid: number): AuditEvent => ({
  event: 'tunnel-up',
  ownerUid,
  bundleName: bundle.bundleName,
  interfaceName: 'vpn-tun',
  scope: 'user',
})
const revoked: AuditEvent = { event: 'consent-revoked', byUid: 1000, ownerUid: 1000, ...bundle }

test('tunnels without end do not fill the record: how many were left out is told, and decisions are written', () => {
  using folder = temporaryFolder()
  const path = folder.in('audit.jsonl')
  {
    using log = AuditLog.open(path, (error) => {
      throw error
    }).log
    for (let made = 0; made < 5000; made += 1) log.note(tunnelUp(1000))
    for (let made = 0; made < 5; made += 1) log.note(tunnelUp(1001))
    log.note(revoked)
  }
  const text = readFileSync(path, 'utf8')
  expect(verifyAuditText(text)).toMatchObject({ intact: true })
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as AuditEvent & { readonly ownerUid: number; readonly count: number })
  const of = (ownerUid: number, event: string): typeof lines =>
    lines.filter((line) => line.ownerUid === ownerUid && line.event === event)
  const omitted = of(1000, 'omitted').reduce((sum, { count }) => sum + count, 0)
  expect(of(1000, 'tunnel-up').length + omitted).toBe(5000)
  expect(omitted).toBeGreaterThan(1000)
  expect([of(1001, 'tunnel-up').length, of(1001, 'omitted').length]).toEqual([5, 0])
  expect(of(1000, 'consent-revoked')).toHaveLength(1)
})

test('after a while there is room again, and what was left out is told first', () => {
  let now = 0
  const budget = new AuditBudget(() => now)
  const take = (): unknown => budget.take(tunnelUp(1000))
  for (let made = 0; made < 1000; made += 1) expect(take()).toBeUndefined()
  expect([take(), take()]).toEqual(['too many', 'too many'])
  now += 10_001
  expect(take()).toEqual({ event: 'omitted', ownerUid: 1000, count: 2 })
  expect(take()).toBe('too many')
  expect(budget.takeOmitted()).toEqual([{ event: 'omitted', ownerUid: 1000, count: 1 }])
  expect(budget.takeOmitted()).toEqual([])
})
