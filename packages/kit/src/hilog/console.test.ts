import { expect, test } from 'vitest'

import { logConsole } from './console.ts'

function recorded(use: (console: ReturnType<typeof logConsole>) => void): string[] {
  const lines: string[] = []
  use(logConsole(({ level, message }) => lines.push(`${level} ${message}`)))
  return lines
}

test('each function has its level, and formats as console does', () => {
  const lines = recorded((console) => {
    console.log('%s is %d', 'it', 4, { a: 1 })
    console.debug('d')
    console.info('i')
    console.warn('w')
    console.error('e')
  })
  expect(lines).toEqual(['info it is 4 { a: 1 }', 'debug d', 'info i', 'warn w', 'error e'])
})

test('groups indent, counts count, and assert speaks only when it fails', () => {
  const lines = recorded((console) => {
    console.group('outer')
    console.count()
    console.count()
    console.log('two\nlines')
    console.groupEnd()
    console.groupEnd()
    console.assert(true, 'never')
    console.assert(false, 'said')
    console.timeEnd('unknown')
  })
  expect(lines).toEqual([
    'info outer',
    'info   default: 1',
    'info   default: 2',
    'info   two\n  lines',
    'warn Assertion failed: said',
    'warn there is no timer unknown',
  ])
})
