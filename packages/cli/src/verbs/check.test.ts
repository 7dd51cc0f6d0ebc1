import type { StrictnessFinding } from '@vpnext/arkts'
import { expect, test } from 'vitest'
import { reportLines } from './check.ts'

const finding: StrictnessFinding = {
  file: 'entry/src/main/ets/A.ets',
  line: 3,
  column: 5,
  rule: 'arkts-no-var',
  severity: 'error',
  text: 'Use let',
  uncertain: false,
}
const linesOf = (...findings: StrictnessFinding[]): string[] =>
  reportLines({ linterVersion: '1', files: ['entry/src/main/ets/A.ets', 'b.ets'], findings })

test('a breach is a line with its place and rule', () => {
  expect(linesOf(finding)).toEqual(['entry/src/main/ets/A.ets:3:5: arkts-no-var: Use let'])
})

test('what does not fail is told as such', () => {
  expect(linesOf({ ...finding, severity: 'warning' })).toEqual([
    'entry/src/main/ets/A.ets:3:5: warning arkts-no-var: Use let',
    '2 files as ArkTS wants them',
  ])
  expect(linesOf({ ...finding, uncertain: true })).toEqual([
    'entry/src/main/ets/A.ets:3:5: perhaps arkts-no-var: Use let',
    expect.stringMatching(/^perhaps: /),
    '2 files as ArkTS wants them',
  ])
})
