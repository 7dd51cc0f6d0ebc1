import { Listeners } from '../../listeners.ts'
import { type AnyFunction, integerParameter, parameterError } from '../../parameters.ts'
import { type Chunk, chunkParameter, encodingParameter, highWatermark, sizeOf } from './chunk.ts'
import { streamError } from './stream-error.ts'
import { Writable } from './writable.ts'

type State = 'open' | 'ending' | 'ended' | 'failed'

/** A destination of `pipe`, and what it hears. */
interface Pipe {
  readonly data: AnyFunction
  readonly end: AnyFunction
  readonly drain: AnyFunction
}

/**
 * `stream.Readable`: `doRead`, which a subclass has, calls `push` with what there is, and with null at the end. Listeners get `{ data }`. It flows
 * once somebody listens for `data`, unless it is paused.
 */
export class Readable {
  readonly #listeners = new Listeners(['close', 'data', 'end', 'error', 'readable', 'pause', 'resume'])
  readonly #pipes = new Map<Writable, Pipe>()
  #waiting: Chunk[] = []
  #length = 0
  #flowing: boolean | null = null
  #asked = false
  #initialised: 'no' | 'begun' | 'yes' = 'no'
  #state: State = 'open'
  #decoder: { readonly encoding: string; readonly decode: (bytes: Uint8Array) => string } | undefined

  /** Of one that can be written too. */
  static writableSideOf(stream: Readable): Writable | undefined {
    return stream.writableSide()
  }

  protected writableSide(): Writable | undefined {
    return undefined
  }

  get readableObjectMode(): boolean {
    return false
  }
  get readableHighWatermark(): number {
    return highWatermark
  }
  get readable(): boolean {
    return this.#state === 'open' || this.#state === 'ending'
  }
  get readableLength(): number {
    return this.#length
  }
  get readableFlowing(): boolean | null {
    return this.#flowing
  }
  get readableEncoding(): string | null {
    return this.#decoder?.encoding ?? null
  }
  get readableEnded(): boolean {
    return this.#state === 'ended'
  }

  /** @param size bytes at most, of one piece; all of the piece when absent. @returns null when nothing is there yet. @throws BusinessError 401 */
  read(size?: unknown): Chunk | null {
    const most = size === undefined || size === null ? Infinity : integerParameter(size, 'size', 0)
    const chunk = most === 0 ? undefined : this.#take(most)
    this.#schedule()
    return chunk ?? null
  }

  /** `push(chunk, encoding?)`. @param chunk null: the end. @returns whether there is room for more. @throws BusinessError 401 */
  push(chunk: unknown, encoding?: unknown): boolean {
    encodingParameter(encoding)
    const piece = chunk === null ? null : chunkParameter(chunk)
    this.#asked = false
    if (this.#state !== 'open') {
      this.#fail(streamError(10200036))
      return false
    }
    if (piece === null) this.#state = 'ending'
    else if (piece.length > 0) {
      this.#waiting.push(typeof piece === 'string' ? piece : (this.#decoder?.decode(piece) ?? piece))
      this.#length += sizeOf(piece)
    }
    if (this.#flowing !== true) this.#listeners.emit('readable', { data: undefined })
    this.#schedule()
    return this.#length < highWatermark
  }

  resume(): this {
    if (this.#flowing !== true) {
      this.#flowing = true
      this.#listeners.emit('resume', { data: undefined })
    }
    this.#schedule()
    return this
  }

  pause(): this {
    if (this.#flowing !== false) {
      this.#flowing = false
      this.#listeners.emit('pause', { data: undefined })
    }
    return this
  }

  isPaused(): boolean {
    return this.#flowing === false
  }

  setEncoding(encoding?: unknown): boolean {
    const name = encodingParameter(encoding)
    const decoder = new TextDecoder(name)
    this.#decoder = { encoding: name, decode: (bytes) => decoder.decode(bytes, { stream: true }) }
    return true
  }

  /** @throws BusinessError 401 for what is no Writable */
  pipe(destination: unknown): Writable {
    const to = writableParameter(destination)
    const drain = (): unknown => this.resume()
    const data = (event: unknown): void => {
      const { data: chunk } = Object(event)
      if (!to.write(chunk)) this.pause()
    }
    const pipe: Pipe = { data, end: () => to.end(), drain }
    this.#pipes.set(to, pipe)
    to.on('drain', drain)
    this.#listeners.on('end', pipe.end)
    this.on('data', pipe.data)
    return to
  }

  /** @param destination all of them when absent. @throws BusinessError 401 for what is no Writable */
  unpipe(destination?: unknown): this {
    const gone = destination === undefined ? [...this.#pipes.keys()] : [writableParameter(destination)]
    for (const to of gone) {
      const pipe = this.#pipes.get(to)
      if (pipe === undefined) continue
      this.#pipes.delete(to)
      to.off('drain', pipe.drain)
      this.#listeners.off('end', pipe.end)
      this.#listeners.off('data', pipe.data)
    }
    if (this.#pipes.size === 0 && this.#listeners.isEmpty('data')) this.pause()
    return this
  }

  on(event: unknown, listener: unknown): void {
    this.#listeners.on(event, listener)
    if (event === 'data' && this.#flowing === null) this.#flowing = true
    this.#schedule()
  }

  off(event: unknown, listener?: unknown): void {
    this.#listeners.off(event, listener)
  }

  /** For subclasses: called before the first `doRead`. */
  doInitialize(callback: AnyFunction): void {
    callback()
  }

  /** For subclasses. @throws BusinessError 10200038 */
  doRead(_size: number): void {
    throw streamError(10200038)
  }

  /** For subclasses: what goes wrong later than in `doRead`. */
  protected fail(error: unknown): void {
    this.#fail(error)
  }

  #schedule(): void {
    // Not in a microtask: a stream that always has more would keep everything else from running.
    setImmediate(() => this.#proceed())
  }

  #proceed(): void {
    while (this.#flowing === true && this.#waiting.length > 0) {
      this.#listeners.emit('data', { data: this.#take(Infinity) })
    }
    if (this.#state === 'ending' && this.#waiting.length === 0) this.#end()
    if (this.#state === 'open' && !this.#asked && this.#length < highWatermark && this.#isWanted())
      this.#ask()
  }

  #isWanted(): boolean {
    return this.#flowing === true || !this.#listeners.isEmpty('readable')
  }

  #ask(): void {
    if (this.#initialised === 'begun') return
    try {
      if (this.#initialised === 'no') {
        this.#initialised = 'begun'
        this.doInitialize((error?: unknown) => {
          this.#initialised = 'yes'
          if (error !== undefined && error !== null) this.#fail(error)
          else this.#schedule()
        })
        return
      }
      this.#asked = true
      this.doRead(highWatermark)
    } catch (error) {
      this.#fail(error)
    }
  }

  #take(most: number): Chunk | undefined {
    const [first] = this.#waiting
    if (first === undefined) return undefined
    this.#waiting.shift()
    const taken = first.slice(0, most)
    if (taken.length < first.length) this.#waiting.unshift(first.slice(most))
    this.#length -= sizeOf(taken)
    return taken
  }

  #end(): void {
    this.#state = 'ended'
    this.#listeners.emit('end', { data: undefined })
    this.#listeners.emit('close', { data: undefined })
  }

  #fail(error: unknown): void {
    if (this.#state === 'failed') return
    this.#state = 'failed'
    this.#listeners.emit('error', { data: error })
    this.#listeners.emit('close', { data: undefined })
  }
}

function writableParameter(value: unknown): Writable {
  if (value instanceof Writable) return value
  if (value instanceof Readable) {
    const side = Readable.writableSideOf(value)
    if (side !== undefined) return side
  }
  throw parameterError('destination', 'is not a Writable')
}
