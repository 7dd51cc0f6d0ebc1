import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { isHostCaller, may, permissions } from './permissions.ts'
import { publicInterface } from './protocol/public-interface.ts'

const nobody = { isHost: () => false, isInHostCgroup: () => false }
const caller = (uid: number, gid = uid): { pid: number; uid: number; gid: number; groups: number[] } => ({
  pid: 7,
  uid,
  gid,
  groups: [],
})

test('every method of the public interface has a row', () => {
  expect(Object.keys(permissions).toSorted()).toEqual(
    Object.keys(publicInterface.definition.methods).toSorted(),
  )
})

test('a host may call nothing', () => {
  for (const row of Object.values(permissions)) expect(row.host).toBe('none')
})

test('nobody acts for somebody else, and only administrators see what is not theirs', () => {
  for (const [action, row] of Object.entries(permissions)) {
    expect({ action, reach: row.user }).not.toEqual({ action, reach: 'all' })
    expect({ action, reach: row.system }).not.toEqual({ action, reach: 'all' })
  }
  for (const action of [
    'Install',
    'Uninstall',
    'StartAbility',
    'StopAbility',
    'AnswerConsent',
    'RevokeConsent',
  ] as const) {
    expect(may('admin', action)).toBe('own')
    expect(may('user', action)).toBe('own')
    expect(may('system', action)).toBe('none')
  }
})

test('a host is known by its uid, its pid and its control group', () => {
  expect(isHostCaller(caller(1000), nobody)).toBe(false)
  expect(isHostCaller(caller(0), nobody)).toBe(false)
  expect(isHostCaller(caller(20_010_000), nobody)).toBe(true)
  expect(isHostCaller(caller(1000, 20_010_000), nobody)).toBe(true)
  expect(isHostCaller(caller(1000), { ...nobody, isHost: (pid) => pid === 7 })).toBe(true)
  expect(isHostCaller(caller(1000), { ...nobody, isInHostCgroup: (pid) => pid === 7 })).toBe(true)
})

test('docs/security.md has the same table', () => {
  const path = fileURLToPath(new URL('../../../docs/security.md', import.meta.url))
  expect(existsSync(path)).toBe(true)
  const rows = readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter((cells) => cells.length === 7 && /^`[A-Z]\w+`$/.test(cells[1] ?? ''))
    .map(([, name = '', admin, user, system, host]) => [name.slice(1, -1), { admin, user, system, host }])
  expect(Object.fromEntries(rows)).toEqual(permissions)
})
