import { expect, test } from 'vitest'
import { LineBudget } from './line-budget.ts'
import { LogBook, maxMessage } from './log-book.ts'
import type { LogEntry } from './log-entry.ts'
import { LineSplitter } from './line-splitter.ts'

const everything = (): boolean => true
const subject = { bundleName: 'com.example.vpn', ownerUid: 1000, pid: 1 }

test('entries come out oldest first, the last ones, and only those wanted', () => {
  const book = new LogBook(() => undefined)
  for (const text of ['a', 'b', 'c']) book.note('info', subject, text)
  book.note('info', { ...subject, ownerUid: 1001 }, 'd')
  const texts = (entries: LogEntry[]): string[] => entries.map((entry) => entry.message)
  expect(texts(book.last(everything))).toEqual(['a', 'b', 'c', 'd'])
  expect(texts(book.last(everything, 2))).toEqual(['c', 'd'])
  expect(texts(book.last(everything, 0))).toEqual([])
  expect(texts(book.last((entry) => entry.ownerUid === 1000, 2))).toEqual(['b', 'c'])
})

test('followers and the sink hear each entry until they leave', () => {
  const sink: string[] = []
  const heard: string[] = []
  const book = new LogBook((entry) => sink.push(entry.message))
  {
    using _follower = book.follow((entry) => heard.push(entry.message))
    book.note('info', subject, 'a')
  }
  book.note('info', subject, 'b')
  expect(heard).toEqual(['a'])
  expect(sink).toEqual(['a', 'b'])
})

test('what is kept is bounded, in entries and in text, and the newest stay', () => {
  const book = new LogBook(() => undefined)
  for (let index = 0; index < 25_000; index += 1) book.note('info', subject, String(index))
  expect(book.last(everything).length).toBeLessThanOrEqual(10_000)
  expect(book.last(everything).at(-1)?.message).toBe('24999')
  for (let index = 0; index < 5_000; index += 1) book.note('info', subject, 'x'.repeat(100_000))
  const kept = book.last(everything)
  expect(kept.reduce((sum, entry) => sum + entry.message.length, 0)).toBeLessThanOrEqual(8 * 1024 * 1024)
  expect(kept.length).toBeGreaterThan(900)
  expect(kept.at(-1)?.message).toHaveLength(maxMessage + 1)
})

test('a host that floods the log is cut short, and what is missing is told', () => {
  let now = 0
  const host = { subject, lines: new LineBudget({ burst: 5000, perSecond: 1000 }, () => now) }
  const book = new LogBook(() => undefined)
  const write = (): void =>
    book.addOf(host, { source: 'stdout', level: 'info', domain: 0, tag: '', message: 'line' })
  for (let count = 0; count < 6000; count += 1) write()
  expect(book.last(everything)).toHaveLength(5000)
  now += 1000
  write()
  expect(book.last(everything, 2).map((entry) => entry.message)).toEqual([
    '1000 lines were dropped: there are too many',
    'line',
  ])
  // Whoever goes on so has ten such lines a second, and not one for each line.
  const before = book.last(everything).length
  for (let ms = 0; ms < 2000; ms += 1) {
    now += 1
    for (let count = 0; count < 10; count += 1) write()
  }
  const since = book.last(everything).slice(before)
  const told = since.filter(({ message }) => message.includes('were dropped')).length
  expect(told).toBeGreaterThan(5)
  expect(told).toBeLessThan(50)
  expect(since.length - told).toBeGreaterThan(1900)
})

test('lines are put together from pieces, also in the middle of a character', () => {
  const lines: string[] = []
  const splitter = new LineSplitter((line) => lines.push(line))
  const bytes = Buffer.from('eins\r\nzwölf\n\nend')
  for (const byte of bytes) splitter.write(Buffer.from([byte]))
  splitter.end()
  splitter.end()
  expect(lines).toEqual(['eins', 'zwölf', '', 'end'])
})

test('an endless line is cut, and the next one is whole', () => {
  const lines: string[] = []
  const splitter = new LineSplitter((line) => lines.push(line))
  for (let index = 0; index < 1000; index += 1) splitter.write(Buffer.from('x'.repeat(1000)))
  splitter.write(Buffer.from('\nnext\n'))
  expect(lines.map((line) => line.length)).toEqual([8192, 4])
})
