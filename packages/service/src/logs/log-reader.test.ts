import { expect, test } from 'vitest'
import { deferred } from '../deferred.ts'
import { LogBook } from './log-book.ts'
import { LogReader } from './log-reader.ts'

const subject = { bundleName: 'com.example.vpn', ownerUid: 1000, pid: 7 }
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** A reader that takes what was sent when it is told to. */
class SlowSink {
  readonly #gone = new AbortController()
  readonly got: string[] = []
  #take = deferred<void>()

  get signal(): AbortSignal {
    return this.#gone.signal
  }

  reply({ entry }: { readonly entry: { readonly message: string } }): void {
    this.got.push(entry.message)
  }

  drained(): Promise<void> {
    return this.#take.promise
  }

  async take(): Promise<void> {
    this.#take.resolve()
    this.#take = deferred<void>()
    await turn()
  }

  leave(): void {
    this.#gone.abort()
    this.#take.resolve()
  }
}

function filled(count: number): LogBook {
  const book = new LogBook(() => undefined)
  for (let index = 0; index < count; index += 1) book.note('info', subject, String(index))
  return book
}

test('a slow reader gets all there is, in order, and never much at once', async () => {
  const sink = new SlowSink()
  const state = { isOver: false }
  const reading = new LogReader(filled(1000), () => true, undefined)
    .read(sink, { follow: false })
    .then(() => (state.isOver = true))
  await turn()
  for (let last = 0; !state.isOver; last = sink.got.length) {
    expect(sink.got.length - last).toBeLessThanOrEqual(64)
    await sink.take()
  }
  await reading
  expect(sink.got).toEqual(Array.from({ length: 1000 }, (_, index) => String(index)))
})

test('what comes while the past is read comes after it; who does not read fills nothing', async () => {
  const sink = new SlowSink()
  const book = filled(100)
  const reading = new LogReader(book, ({ message }) => message !== 'unwanted', 10).read(sink, {
    follow: true,
  })
  await turn()
  expect(sink.got).toEqual(Array.from({ length: 10 }, (_, index) => String(90 + index)))
  book.note('info', subject, 'unwanted')
  book.note('info', subject, 'new')
  await sink.take()
  expect(sink.got.slice(10)).toEqual(['new'])
  for (let index = 0; index < 30_000; index += 1) book.note('info', subject, `more ${index}`)
  while (sink.got.at(-1) !== 'more 29999') await sink.take()
  expect(sink.got.length).toBeLessThan(10_100)
  sink.leave()
  await reading
})
