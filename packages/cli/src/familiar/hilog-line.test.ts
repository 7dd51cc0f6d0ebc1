import { expect, test } from 'vitest'
import { type LineFilter, hilogLine, isWanted } from './hilog-line.ts'

const entry = {
  at: new Date(2026, 10, 22, 9, 5, 7, 3).getTime(),
  source: 'extension',
  level: 'warn',
  bundleName: 'com.example.vpn',
  ownerUid: 0,
  pid: 42,
  domain: 0xff00,
  tag: 'Tag',
  message: 'one\ntwo\u001B[2J',
} as const
const all: LineFilter = { tags: [], domains: [], levels: [], pids: [], pattern: undefined }

test('a line has the parts of the device, and nothing that a terminal obeys', () => {
  const line = hilogLine(entry, { formats: new Set(), bootedAt: 0 })
  expect(line).toMatch(/^11-22 09:05:07\.003 {4}42 {4}42 W A0FF00\/com\.example\.vpn\/Tag: one\n {4}two/)
  expect(line).not.toContain('\u001B')
})

test('color is the only thing that a terminal obeys, and only when it is asked for', () => {
  const line = hilogLine({ ...entry, message: 'x' }, { formats: new Set(['color', 'year']), bootedAt: 0 })
  expect(line).toBe('\u001B[33m2026-11-22 09:05:07.003    42    42 W A0FF00/com.example.vpn/Tag: x\u001B[39m')
})

test.each<[Partial<LineFilter>, boolean]>([
  [{}, true],
  [{ tags: ['Tag', 'Other'] }, true],
  [{ tags: ['Other'] }, false],
  [{ tags: ['^Tag'] }, false],
  [{ tags: ['^Other'] }, true],
  [{ domains: [0xff00] }, true],
  [{ domains: [1] }, false],
  [{ levels: ['warn', 'error'] }, true],
  [{ levels: ['error'] }, false],
  [{ pids: [42] }, true],
  [{ pids: [43] }, false],
  [{ pattern: /^one/ }, true],
  [{ pattern: /three/ }, false],
])('%j: %s', (filter, wanted) => {
  expect(isWanted(entry, { ...all, ...filter })).toBe(wanted)
})
