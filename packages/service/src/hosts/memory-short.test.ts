import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { countOomKills, readHeapFull, withOomKills } from './memory-short.ts'

test('the kernel tells how many processes it has ended for want of memory', () => {
  using folder = temporaryFolder()
  writeFileSync(folder.in('vmstat'), 'pgfault 5\noom_kill 12\noom_killer 3\n')
  expect(countOomKills(folder.in('vmstat'))).toBe(12)
  writeFileSync(folder.in('older'), 'pgfault 5\n')
  expect(countOomKills(folder.in('older'))).toBeUndefined()
  expect(countOomKills(folder.in('nowhere'))).toBeUndefined()
  expect(countOomKills()).toBeGreaterThanOrEqual(0)
})

test.each([
  ['signal SIGKILL', 3, 4, 'signal SIGKILL; meanwhile the kernel ended a process because memory was short'],
  ['signal SIGKILL', 3, 5, 'signal SIGKILL; meanwhile the kernel ended 2 processes because memory was short'],
  ['signal SIGKILL', 3, 3, 'signal SIGKILL'],
  ['signal SIGKILL', undefined, 5, 'signal SIGKILL'],
  ['signal SIGSEGV', 3, 4, 'signal SIGSEGV'],
  ['code 1', 3, 4, 'code 1'],
])('of %s, with %s before and %s now: %s', (how, before, now, text) => {
  expect(withOomKills(how, before, now)).toBe(text)
})

test.each([
  ['FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory', true],
  [
    'FATAL ERROR: Ineffective mark-compacts near heap limit Allocation failed - JavaScript heap out of memory',
    true,
  ],
  ['info FATAL ERROR: JavaScript heap out of memory', false],
  ['FATAL ERROR: v8::ToLocalChecked Empty MaybeLocal', false],
])('%s tells of a full heap: %s', (line, isFull) => {
  expect(readHeapFull(line) !== undefined).toBe(isFull)
})

test('node ends with such a line when its heap is full', () => {
  const fill = 'const all = []; for (;;) all.push(new Array(10_000).fill(all.length))'
  const { stderr, signal } = spawnSync(process.execPath, ['--max-old-space-size=20', '-e', fill], {
    encoding: 'utf8',
  })
  expect(signal).toBe('SIGABRT')
  expect(stderr.split('\n').flatMap((line) => readHeapFull(line) ?? [])).toEqual([
    'out of memory: the heap of JavaScript was full',
  ])
})
