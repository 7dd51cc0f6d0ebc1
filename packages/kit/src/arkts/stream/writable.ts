import { Listeners } from '../../listeners.ts'
import { type AnyFunction, isFunction } from '../../parameters.ts'
import { type Chunk, chunkParameter, encodingParameter, highWatermark, overrides, sizeOf } from './chunk.ts'
import { streamError } from './stream-error.ts'

interface Waiting {
  readonly chunk: Chunk
  readonly encoding: string
  readonly done: AnyFunction | undefined
}

type State = 'open' | 'ending' | 'finished' | 'failed'

/**
 * `stream.Writable`: what is written waits in order, and `doWrite`, which a subclass has, takes one piece at a time and says when it is done.
 * Listeners get `{ data }`.
 */
export class Writable {
  readonly #listeners = new Listeners(['close', 'drain', 'error', 'finish'])
  #waiting: Waiting[] = []
  #length = 0
  #corked = 0
  #busy = false
  #proceeding = false
  #full = false
  #initialised = false
  #state: State = 'open'
  #encoding = 'utf8'
  #onFinish: AnyFunction | undefined

  constructor() {
    // Once the subclass has its fields.
    queueMicrotask(() => this.#proceed())
  }

  get writableObjectMode(): boolean {
    return false
  }
  get writableHighWatermark(): number {
    return highWatermark
  }
  get writable(): boolean {
    return this.#state === 'open'
  }
  get writableLength(): number {
    return this.#length
  }
  get writableCorked(): number {
    return this.#corked
  }
  get writableEnded(): boolean {
    return this.#state === 'ending' || this.#state === 'finished'
  }
  get writableFinished(): boolean {
    return this.#state === 'finished'
  }

  /**
   * `write(chunk, encoding?, callback?)`.
   *
   * @returns whether there is room for more; otherwise `drain` says when
   * @throws BusinessError 401, 10200035, 10200036 after `end`
   */
  write(...args: unknown[]): boolean {
    const [chunk, encoding] = args
    const callback = args.findLast(isFunction)
    const piece = {
      chunk: chunkParameter(chunk),
      encoding: isFunction(encoding) || encoding === undefined ? this.#encoding : encodingParameter(encoding),
      done: callback,
    }
    if (this.#state !== 'open') throw streamError(10200036)
    const { one, many } = this.takes()
    if (!one && !many) throw streamError(10200035)
    this.#waiting.push(piece)
    this.#length += sizeOf(piece.chunk)
    this.#full ||= this.#length >= highWatermark
    this.#proceed()
    return !this.#full
  }

  /** `end(chunk?, encoding?, callback?)`: nothing more comes. @throws BusinessError 401, 10200035 */
  end(...args: unknown[]): this {
    const [chunk, encoding] = args
    if (chunk !== undefined && chunk !== null && !isFunction(chunk)) this.write(chunk, encoding)
    if (this.#state !== 'open') return this
    this.#onFinish = args.findLast(isFunction)
    this.#state = 'ending'
    this.#corked = 0
    this.#proceed()
    return this
  }

  setDefaultEncoding(encoding?: unknown): boolean {
    this.#encoding = encodingParameter(encoding)
    return true
  }

  cork(): boolean {
    this.#corked += 1
    return true
  }

  uncork(): boolean {
    this.#corked = Math.max(0, this.#corked - 1)
    this.#proceed()
    return true
  }

  on(event: unknown, listener: unknown): void {
    this.#listeners.on(event, listener)
  }

  off(event: unknown, listener?: unknown): void {
    this.#listeners.off(event, listener)
  }

  /** For subclasses: called before the first piece. */
  doInitialize(callback: AnyFunction): void {
    callback()
  }

  /** For subclasses. @throws BusinessError 10200035 */
  doWrite(_chunk: Chunk, _encoding: string, _callback: AnyFunction): void {
    throw streamError(10200035)
  }

  /** For subclasses, which may have it in place of or beside `doWrite`. @throws BusinessError 10200035 */
  doWritev(_chunks: Chunk[], _callback: AnyFunction): void {
    throw streamError(10200035)
  }

  /** For subclasses: called once everything is written, before `finish`. */
  protected whenEnded(callback: AnyFunction): void {
    callback()
  }

  /** What of `doWrite` and `doWritev` a subclass has. */
  protected takes(): { readonly one: boolean; readonly many: boolean } {
    const base = Writable.prototype
    return { one: overrides(this, base, 'doWrite'), many: overrides(this, base, 'doWritev') }
  }

  /** One step after the other, as long as each is over at once. */
  #proceed(): void {
    if (this.#proceeding) return
    this.#proceeding = true
    while (!this.#busy && this.#corked === 0 && this.#step()) continue
    this.#proceeding = false
  }

  /** @returns whether there may be a next one */
  #step(): boolean {
    if (this.#state === 'finished' || this.#state === 'failed') return false
    const [first] = this.#waiting
    if (!this.#initialised) {
      this.#initialised = true
      this.#run((callback) => this.doInitialize(callback))
    } else if (first !== undefined) this.#write(first)
    else if (this.#full) {
      this.#full = false
      this.#tell('drain')
    } else if (this.#state === 'ending') {
      this.#run(
        (callback) => this.whenEnded(callback),
        () => this.#finish(),
      )
    } else return false
    return true
  }

  #write(first: Waiting): void {
    const { one, many } = this.takes()
    const all = many && (this.#waiting.length > 1 || !one)
    const taken = this.#waiting.splice(0, all ? this.#waiting.length : 1)
    const chunks = taken.map(({ chunk }) => chunk)
    const after = (error: unknown): void => {
      this.#length -= chunks.reduce((sum, chunk) => sum + sizeOf(chunk), 0)
      for (const { done } of taken) if (done !== undefined) queueMicrotask(() => void done(error))
    }
    if (all) this.#run((callback) => this.doWritev(chunks, callback), after)
    else this.#run((callback) => this.doWrite(first.chunk, first.encoding, callback), after)
  }

  #run(begin: (callback: AnyFunction) => void, after?: (error: unknown) => void): void {
    this.#busy = true
    let called = false
    const callback = (given?: unknown): void => {
      if (called) return this.#fail(streamError(10200037))
      called = true
      this.#busy = false
      const error = given ?? undefined
      if (error !== undefined) this.#fail(error)
      after?.(error)
      this.#proceed()
    }
    try {
      begin(callback)
    } catch (error) {
      if (called) this.#fail(error)
      else callback(error)
    }
  }

  #finish(): void {
    if (this.#state !== 'ending') return
    this.#state = 'finished'
    const onFinish = this.#onFinish
    if (onFinish !== undefined) queueMicrotask(() => void onFinish())
    this.#tell('finish')
    this.#tell('close')
  }

  #fail(error: unknown): void {
    if (this.#state === 'failed') return
    this.#state = 'failed'
    this.#tell('error', error)
    this.#tell('close')
  }

  /** Later, so that who has just written can still begin to listen. */
  #tell(event: 'close' | 'drain' | 'error' | 'finish', data?: unknown): void {
    queueMicrotask(() => this.#listeners.emit(event, { data }))
  }
}
