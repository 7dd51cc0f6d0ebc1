import { type AnyFunction } from '../../parameters.ts'
import { type Chunk, overrides } from './chunk.ts'
import { Readable } from './readable.ts'
import { streamError } from './stream-error.ts'
import { Writable } from './writable.ts'

/** What a writable side asks of its stream. */
interface Target {
  doWrite(chunk: Chunk, encoding: string, callback: AnyFunction): void
  doWritev(chunks: Chunk[], callback: AnyFunction): void
  takes(): { readonly one: boolean; readonly many: boolean }
  whenEnded(callback: AnyFunction): void
}

class WritableSide extends Writable {
  readonly #target: Target

  constructor(target: Target) {
    super()
    this.#target = target
  }

  override doWrite(chunk: Chunk, encoding: string, callback: AnyFunction): void {
    this.#target.doWrite(chunk, encoding, callback)
  }
  override doWritev(chunks: Chunk[], callback: AnyFunction): void {
    this.#target.doWritev(chunks, callback)
  }
  protected override takes(): { readonly one: boolean; readonly many: boolean } {
    return this.#target.takes()
  }
  protected override whenEnded(callback: AnyFunction): void {
    this.#target.whenEnded(callback)
  }
}

/** `stream.Duplex`: a {@link Readable} that can be written as well. */
export class Duplex extends Readable {
  readonly #side: WritableSide = new WritableSide({
    doWrite: (chunk, encoding, callback) => this.doWrite(chunk, encoding, callback),
    doWritev: (chunks, callback) => this.doWritev(chunks, callback),
    takes: () => this.takes(),
    whenEnded: (callback) => this.whenEnded(callback),
  })

  protected override writableSide(): Writable {
    return this.#side
  }

  get writableObjectMode(): boolean {
    return this.#side.writableObjectMode
  }
  get writableHighWatermark(): number {
    return this.#side.writableHighWatermark
  }
  get writable(): boolean {
    return this.#side.writable
  }
  get writableLength(): number {
    return this.#side.writableLength
  }
  get writableCorked(): number {
    return this.#side.writableCorked
  }
  get writableEnded(): boolean {
    return this.#side.writableEnded
  }
  get writableFinished(): boolean {
    return this.#side.writableFinished
  }

  /** As {@link Writable.write}. */
  write(...args: unknown[]): boolean {
    return this.#side.write(...args)
  }

  /** As {@link Writable.end}. */
  end(...args: unknown[]): this {
    this.#side.end(...args)
    return this
  }

  setDefaultEncoding(encoding?: unknown): boolean {
    return this.#side.setDefaultEncoding(encoding)
  }

  cork(): boolean {
    return this.#side.cork()
  }

  uncork(): boolean {
    return this.#side.uncork()
  }

  override on(event: unknown, listener: unknown): void {
    if (ofWriting.has(event)) this.#side.on(event, listener)
    if (!onlyOfWriting.has(event)) super.on(event, listener)
  }

  override off(event: unknown, listener?: unknown): void {
    if (ofWriting.has(event)) this.#side.off(event, listener)
    if (!onlyOfWriting.has(event)) super.off(event, listener)
  }

  /** For subclasses. @throws BusinessError 10200035 */
  doWrite(_chunk: Chunk, _encoding: string, _callback: AnyFunction): void {
    throw streamError(10200035)
  }

  /** For subclasses. @throws BusinessError 10200035 */
  doWritev(_chunks: Chunk[], _callback: AnyFunction): void {
    throw streamError(10200035)
  }

  protected takes(): { readonly one: boolean; readonly many: boolean } {
    const base = Duplex.prototype
    return { one: overrides(this, base, 'doWrite'), many: overrides(this, base, 'doWritev') }
  }

  /** Everything is written. */
  protected whenEnded(callback: AnyFunction): void {
    callback()
  }
}

const onlyOfWriting: ReadonlySet<unknown> = new Set(['drain', 'finish'])
const ofWriting: ReadonlySet<unknown> = new Set(['drain', 'finish', 'error'])

/** `stream.Transform`: what is written comes out as `doTransform`, which a subclass has, makes it. */
export class Transform extends Duplex {
  /** For subclasses: `callback(error?, data?)`. @throws BusinessError 10200039 */
  doTransform(_chunk: Chunk, _encoding: string, _callback: AnyFunction): void {
    throw streamError(10200039)
  }

  /** For subclasses: what comes last; `callback(error?, data?)`. */
  doFlush(callback: AnyFunction): void {
    callback()
  }

  override doRead(): void {
    // What is there has been pushed when it was written.
  }

  override doWrite(chunk: Chunk, encoding: string, callback: AnyFunction): void {
    this.doTransform(chunk, encoding, (error, data) => {
      if (data !== undefined && data !== null) this.push(data)
      callback(error)
    })
  }

  protected override whenEnded(callback: AnyFunction): void {
    this.doFlush((error, data) => {
      if (data !== undefined && data !== null) this.push(data)
      this.push(null)
      callback(error)
    })
  }
}
