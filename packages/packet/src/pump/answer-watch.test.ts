import { expect, test } from 'vitest'
import { AnswerWatch } from './answer-watch.ts'

/** Never goes back, ms. */
let time = 0

/** A packet each 20 ms, of which each answer takes so long; tells how many of them were waited for, and how long in all. */
function exchange(
  watch: AnswerWatch,
  packets: number,
  answerMs: number,
): { attempts: number; spent: number } {
  let attempts = 0
  let spent = 0
  for (let packet = 0; packet < packets; packet++) {
    time += 20
    const sent = time
    watch.ended(sent, true)
    if (watch.begin(sent)) {
      attempts += 1
      let now = sent
      while (now - sent < answerMs && !watch.passed(now)) now += 0.05
      if (now - sent >= answerMs) watch.answered()
      spent += now - sent
    }
    watch.ended(sent + answerMs, false)
  }
  return { attempts, spent }
}

test('answers that come soon are waited for each time', () => {
  expect(exchange(new AnswerWatch(), 100, 0.3).attempts).toBe(100)
})

test('for a peer that is far away, hardly ever; and for one that has come near, soon again', () => {
  const watch = new AnswerWatch()
  const far = exchange(watch, 1000, 10)
  expect(far.attempts).toBeGreaterThan(1)
  expect(far.attempts).toBeLessThan(25)
  // 20 s of the tunnel.
  expect(far.spent).toBeLessThan(25)
  exchange(watch, 64, 0.3)
  expect(exchange(watch, 100, 0.3).attempts).toBe(100)
})

test('not for packets that follow each other, nor for those that come in', () => {
  const watch = new AnswerWatch()
  watch.ended(10, true)
  watch.ended(10.5, true)
  expect(watch.begin(10.5)).toBe(false)
  watch.ended(30, false)
  expect(watch.begin(30)).toBe(false)
})

test('once for each packet', () => {
  const watch = new AnswerWatch()
  watch.ended(10, true)
  expect(watch.begin(10)).toBe(true)
  watch.answered()
  expect(watch.begin(10)).toBe(false)
})
