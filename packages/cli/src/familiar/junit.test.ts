import { expect, test } from 'vitest'
import { ReportReader, junitReport } from './junit.ts'

const done = (name: string, code: number, stack = ''): string =>
  [
    '',
    'OHOS_REPORT_STATUS: class=Suite',
    'OHOS_REPORT_STATUS: current=1',
    ...(stack === '' ? [] : [`OHOS_REPORT_STATUS: stack=${stack}`]),
    'OHOS_REPORT_STATUS: stream=',
    `OHOS_REPORT_STATUS: test=${name}`,
    `OHOS_REPORT_STATUS_CODE: ${code}`,
    'OHOS_REPORT_STATUS: consuming=12',
    '',
  ].join('\n')
const start = (name: string): string =>
  `\nOHOS_REPORT_STATUS: class=Suite\nOHOS_REPORT_STATUS: test=${name}\nOHOS_REPORT_STATUS_CODE: 1\n`

test('cases are read as they end, stacks with all their lines', () => {
  const reader = new ReportReader()
  for (const text of [
    start('a'),
    done('a', 0),
    start('b'),
    done('b', -2, 'first\n    at second'),
    done('c', -3),
  ])
    reader.add(text)
  expect(reader.cases).toEqual([
    { suite: 'Suite', name: 'a', status: 'passed', stack: '', durationMs: 12 },
    { suite: 'Suite', name: 'b', status: 'failed', stack: 'first\n    at second', durationMs: 12 },
    { suite: 'Suite', name: 'c', status: 'ignored', stack: '', durationMs: 12 },
  ])
})

test('a stack ends where the code of its case comes', () => {
  const reader = new ReportReader()
  const lines = ['class=Suite', 'test=a', 'stack=first\n    at second']
  const report = lines.map((line) => `OHOS_REPORT_STATUS: ${line}`).join('\n')
  reader.add(`${report}\nOHOS_REPORT_STATUS_CODE: -2\nOHOS_REPORT_STATUS: consuming=12\n`)
  expect(reader.cases).toMatchObject([{ name: 'a', status: 'failed', stack: 'first\n    at second' }])
})

test('the file has what failed, and a run that broke is no green one', () => {
  const reader = new ReportReader()
  reader.add(done('a<b>&"', -1, 'x\u0000y'))
  const text = junitReport('com.example', reader, 'App died')
  expect(text).toContain(
    '<testsuites name="com.example" tests="2" failures="0" errors="2" skipped="0" time="0.012">',
  )
  expect(text).toContain('name="a&lt;b&gt;&amp;&quot;" time="0.012"><error message="x\uFFFDy">')
  expect(text).toContain('<error message="App died">App died</error>')
})

test('a run that broke in a case is an error of that case', () => {
  const reader = new ReportReader()
  reader.add(start('a') + done('a', 0))
  expect(reader.running).toBeUndefined()
  reader.add(start('b'))
  expect(reader.running).toEqual({ suite: 'Suite', name: 'b' })
  const text = junitReport('com.example', reader, 'App died')
  expect(text).toContain(
    '<testcase classname="Suite" name="b" time="0.000"><error message="App died">App died</error>',
  )
  expect(text).toContain('<testsuite name="Suite" tests="2" failures="0" errors="1"')
})
