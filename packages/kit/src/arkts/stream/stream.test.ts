import { expect, test } from 'vitest'

import type { AnyFunction } from '../../parameters.ts'
import type { Chunk } from './chunk.ts'
import { Duplex, Transform } from './duplex.ts'
import { Readable } from './readable.ts'
import { Writable } from './writable.ts'

/** Gives its pieces one by one. */
class Source extends Readable {
  readonly #pieces: Chunk[]

  constructor(pieces: readonly Chunk[]) {
    super()
    this.#pieces = [...pieces]
  }

  override doRead(): void {
    this.push(this.#pieces.shift() ?? null)
  }
}

class Sink extends Writable {
  readonly written: Chunk[] = []

  override doWrite(chunk: Chunk, _encoding: string, callback: AnyFunction): void {
    this.written.push(chunk)
    setImmediate(callback)
  }
}

const when = (stream: Readable | Writable, event: string): Promise<unknown> =>
  new Promise((resolve) => {
    stream.on(event, ({ data }: { data: unknown }) => resolve(data))
  })

test('a readable stream flows once somebody listens, piece by piece as pushed, and then ends', async () => {
  const source = new Source(['a', Uint8Array.of(1, 2), 'c'])
  const pieces: unknown[] = []
  const ended = when(source, 'end')
  source.on('data', ({ data }: { data: unknown }) => pieces.push(data))
  await ended
  expect(pieces).toEqual(['a', Uint8Array.of(1, 2), 'c'])
  expect([source.readableEnded, source.readable, source.readableFlowing]).toEqual([true, false, true])
})

test('a paused stream keeps what is pushed; read takes it, or a part of it', () => {
  const source = new Source([])
  source.pause()
  source.push('hello')
  expect([source.isPaused(), source.readableLength]).toEqual([true, 5])
  expect([source.read(2), source.read(), source.read()]).toEqual(['he', 'llo', null])
  expect(source.push('x'.repeat(16 * 1024))).toBe(false)
  expect(() => source.read('all')).toThrow(expect.objectContaining({ code: 401 }))
})

test('bytes become text in the encoding that is set, across pieces', async () => {
  const [first, second] = [Buffer.from('ü').subarray(0, 1), Buffer.from('ü').subarray(1)]
  const source = new Source([first, second])
  source.setEncoding('utf8')
  let text = ''
  source.on('data', ({ data }: { data: string }) => (text += data))
  await when(source, 'end')
  expect([text, source.readableEncoding]).toEqual(['ü', 'utf8'])
})

test('a pipe waits for a full destination, carries everything, and ends it', async () => {
  const pieces = Array.from({ length: 20 }, (_, index) => String(index).repeat(4000))
  const sink = new Sink()
  const finished = when(sink, 'finish')
  expect(new Source(pieces).pipe(sink)).toBe(sink)
  await finished
  expect(sink.written.join()).toBe(pieces.join())
  expect([sink.writableFinished, sink.writableLength]).toEqual([true, 0])
})

test('after unpipe nothing more comes', async () => {
  const source = new Source(['a', 'b'])
  const sink = new Sink()
  source.pipe(sink)
  source.unpipe(sink)
  await new Promise((resolve) => setImmediate(resolve))
  expect([sink.written, source.isPaused()]).toEqual([[], true])
})

test('writing: at once, in order, many together when corked', () => {
  const taken: unknown[] = []
  class Both extends Sink {
    override doWrite(chunk: Chunk, encoding: string, callback: AnyFunction): void {
      taken.push([chunk, encoding])
      callback()
    }
    override doWritev(chunks: Chunk[], callback: AnyFunction): void {
      taken.push(chunks)
      callback()
    }
  }
  const sink = new Both()
  sink.write('a', 'gbk')
  sink.cork()
  sink.write('b')
  sink.write('c')
  expect([taken, sink.writableCorked, sink.writableLength]).toEqual([[['a', 'gbk']], 1, 2])
  sink.uncork()
  expect(taken).toEqual([
    ['a', 'gbk'],
    ['b', 'c'],
  ])
})

test('errors: no doWrite, after the end, the callback twice, what doWrite and doRead throw', async () => {
  expect(() => new Writable().write('x')).toThrow(expect.objectContaining({ code: 10200035 }))
  const ended = new Sink()
  ended.end('last')
  expect(() => ended.write('x')).toThrow(expect.objectContaining({ code: 10200036 }))
  class Twice extends Sink {
    override doWrite(_chunk: Chunk, _encoding: string, callback: AnyFunction): void {
      callback()
      callback()
    }
  }
  const twice = new Twice()
  twice.write('x')
  expect(await when(twice, 'error')).toMatchObject({ code: 10200037 })
  const unread = new Readable()
  const failed = when(unread, 'error')
  unread.resume()
  expect(await failed).toMatchObject({ code: 10200038 })
  expect(() => new Source([]).pipe({})).toThrow(expect.objectContaining({ code: 401 }))
})

test('a transform gives what it makes of what is written, and its last word; a duplex has two sides', async () => {
  class Upper extends Transform {
    override doTransform(chunk: Chunk, _encoding: string, callback: AnyFunction): void {
      callback(null, String(chunk).toUpperCase())
    }
    override doFlush(callback: AnyFunction): void {
      callback(null, '!')
    }
  }
  const upper = new Upper()
  let text = ''
  upper.on('data', ({ data }: { data: string }) => (text += data))
  const ended = when(upper, 'end')
  new Source(['a', 'b']).pipe(upper)
  await ended
  expect(text).toBe('AB!')
  class Echo extends Duplex {
    override doRead(): void {
      return undefined
    }
    override doWrite(chunk: Chunk, _encoding: string, callback: AnyFunction): void {
      this.push(chunk)
      callback()
    }
  }
  const echo = new Echo()
  const heard = when(echo, 'data')
  expect(echo.end('x').writableEnded).toBe(true)
  expect(await heard).toBe('x')
  expect(() => new Transform().write('x')).not.toThrow()
})
