import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { takeOrdinaryOomScore } from './oom-score.ts'

// Lowering the real value needs CAP_SYS_RESOURCE, which containers lack.
test.each([
  ['-500\n', '0'],
  ['-1\n', '0'],
  ['0\n', '0\n'],
  ['200\n', '200\n'],
])('a value of %j becomes %j', (before, after) => {
  const folder = mkdtempSync(join(tmpdir(), 'vpnext-oom-'))
  try {
    const path = join(folder, 'oom_score_adj')
    writeFileSync(path, before)
    takeOrdinaryOomScore(path)
    expect(readFileSync(path, 'utf8')).toBe(after)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
