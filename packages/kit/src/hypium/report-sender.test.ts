import { expect, test } from 'vitest'

import { ReportSender } from './report-sender.ts'

/** A channel whose far end takes what was sent only when it is told to. */
function slowChannel(): { sent: string[]; send: (text: string) => Promise<void>; take: () => void } {
  const sent: string[] = []
  const open: (() => void)[] = []
  return {
    sent,
    send(text) {
      sent.push(text)
      return new Promise((resolve) => open.push(resolve))
    },
    take: () => open.shift()?.(),
  }
}

test('text leaves at the call, whether or not what went before has arrived', () => {
  const { sent, send } = slowChannel()
  const sender = new ReportSender(send)
  for (const text of ['a', 'b', 'c']) sender.print(text)
  expect(sent).toEqual(['a', 'b', 'c'])
})

test('a flood waits, and is sent in order as it is taken', async () => {
  const { sent, send, take } = slowChannel()
  const sender = new ReportSender(send)
  const large = 'x'.repeat(300 * 1024)
  for (const text of ['first', large, 'second', 'third']) sender.print(text)
  expect(sent.map((text) => text.length)).toEqual([5, large.length])
  let flushed = false
  const flush = sender.flush().then(() => (flushed = true))
  for (let taken = 0; taken < 4; taken += 1) {
    expect(flushed).toBe(false)
    take()
    await new Promise((resolve) => setImmediate(resolve))
  }
  await flush
  expect(sent.slice(2)).toEqual(['second', 'third'])
})

test('a reader that has gone keeps nobody waiting', async () => {
  const sender = new ReportSender(() => Promise.reject(new Error('gone')))
  sender.print('a')
  await sender.flush()
  await sender.flush()
})
