import { Fd } from '../../fd.ts'
import { errnoNumber, isSystemError, SystemError } from '../../system-error.ts'
import { openNetfilterSocket, withContextSocket } from './context-socket.ts'
import { loadNftLibrary } from './library.ts'
import type { NftLibrary } from './library.ts'
import { runContextInThread } from './nft-thread.ts'
import { nftErrno } from './nft-error.ts'

/** include/nftables/libnftables.h */
const NFT_CTX_DEFAULT = 0
const OUTPUT_DEFAULT = 0
const OUTPUT_JSON = 1 << 4
/**
 * A signal that comes during a transaction, the end of a child process for one, makes the kernel take it back and answer
 * EINTR (net/netfilter/nfnetlink.c, nfnetlink_rcv_batch). The limit is for a process under a storm of signals.
 */
const MOST_TRIES = 100
const ENOMEM = errnoNumber('ENOMEM')
const ENOSYS = errnoNumber('ENOSYS')
const EPROTO = errnoNumber('EPROTO')

/** What `nft -j list ruleset` prints: a list of objects with one key each (`metainfo`, `table`, `chain`, `rule`, …). */
export interface NftListing {
  readonly nftables: readonly Readonly<Record<string, unknown>>[]
}

/** Whether {@link runNft} can work here: libnftables.so.1 is installed and the kernel has nf_tables' socket. */
export function nftAvailable(): boolean {
  if (loadNftLibrary().kind === 'missing') return false
  const socket = openNetfilterSocket()
  if (socket < 0) return false
  Fd.adopt(socket).close()
  return true
}

/**
 * Runs commands in nft(8)'s language on the network namespace that the calling thread is in, as one transaction: all or
 * nothing. Text from outside must not get into `commands` unchecked: the language can include files.
 *
 * @returns what nft would print; '' for most commands
 * @throws SystemError ENOSYS without libnftables; else `detail` is nft's text, and `code` is the error in it, or EINVAL
 * for a syntax error
 */
export function runNft(commands: string): string {
  return run(commands, OUTPUT_DEFAULT)
}

/** Commands that are being run beside the calling thread. */
export interface NftRun {
  /** Waits for their end. Again: nothing. @throws SystemError as {@link runNft} */
  wait(): void
}

/** libnftables must not be called from two threads, so whoever needs it next waits for this one first. */
let underWay: ThreadRun | undefined

/**
 * Begins what {@link runNft} does, beside the calling thread and in the network namespace it is in: a guard takes the
 * kernel and libnftables 2 to 3 ms.
 *
 * @returns to be waited for in any case
 * @throws SystemError as {@link runNft}, where no thread is to be had
 */
export function beginNft(commands: string): NftRun {
  if (commands.includes('\0')) throw new RangeError('commands: contains a NUL character')
  const library = loadedLibrary()
  underWay?.settle()
  underWay = new ThreadRun(library, commands)
  return underWay
}

/** The whole ruleset of the network namespace that the calling thread is in. @throws SystemError as {@link runNft} */
export function listNft(): NftListing {
  const listing: unknown = JSON.parse(run('list ruleset', OUTPUT_JSON))
  if (isListing(listing)) return listing
  throw new SystemError(EPROTO, 'nft', { detail: 'the listing has another form than expected' })
}

/** The whole ruleset as a person reads it; '' when it is empty. @throws SystemError as {@link runNft} */
export function listNftText(): string {
  return run('list ruleset', OUTPUT_DEFAULT)
}

function run(commands: string, flags: number): string {
  if (commands.includes('\0')) throw new RangeError('commands: contains a NUL character')
  const library = loadedLibrary()
  underWay?.settle()
  return again(() => runOnce(library, commands, flags))
}

/** Repeats what a signal has interrupted. */
function again<Result>(action: () => Result): Result {
  for (let tries = 1; ; tries += 1) {
    try {
      return action()
    } catch (error) {
      if (tries === MOST_TRIES || !isSystemError(error, 'EINTR')) throw error
    }
  }
}

function loadedLibrary(): NftLibrary {
  const loaded = loadNftLibrary()
  if (loaded.kind === 'missing') throw new SystemError(ENOSYS, 'nft', { detail: loaded.reason })
  return loaded.library
}

function runOnce(library: NftLibrary, commands: string, flags: number): string {
  using session = openSession(library, flags)
  const result = library.run(session.context, commands)
  if (result !== 0) throw failureOf(library.error(session.context))
  return library.output(session.context) ?? ''
}

function openSession(library: NftLibrary, flags: number): Disposable & { readonly context: unknown } {
  const { context, socket } = withContextSocket(() => library.newContext(NFT_CTX_DEFAULT))
  const session = {
    context,
    [Symbol.dispose]() {
      if (context !== null) library.freeContext(context)
      socket[Symbol.dispose]()
    },
  }
  if (context === null || library.bufferOutput(context) !== 0 || library.bufferError(context) !== 0) {
    session[Symbol.dispose]()
    throw new SystemError(ENOMEM, 'nft')
  }
  library.setOutputFlags(context, flags)
  return session
}

/** @param text of libnftables, which empties its buffer when it is asked for */
function failureOf(text: string | null): SystemError {
  const detail = (text ?? '').trim()
  return new SystemError(nftErrno(detail), 'nft', { detail })
}

/** Commands in a thread of their own. */
class ThreadRun implements NftRun {
  readonly #library: NftLibrary
  readonly #commands: string
  readonly #session: Disposable & { readonly context: unknown }
  #join: (() => void) | undefined
  #failure: SystemError | undefined

  constructor(library: NftLibrary, commands: string) {
    this.#library = library
    this.#commands = commands
    this.#session = openSession(library, OUTPUT_DEFAULT)
    this.#join = runContextInThread(this.#session.context, commands)
    if (this.#join === undefined) {
      this.#session[Symbol.dispose]()
      runNft(commands)
    }
  }

  /** libnftables is free for others from then on. */
  settle(): void {
    const join = this.#join
    if (join === undefined) return
    this.#join = undefined
    underWay = undefined
    join()
    using session = this.#session
    // It has nothing to say where all went well; its result stays in the thread.
    const text = this.#library.error(session.context)
    if (text !== null && text !== '') this.#failure = failureOf(text)
  }

  wait(): void {
    this.settle()
    const failure = this.#failure
    if (failure === undefined) return
    if (!isSystemError(failure, 'EINTR')) throw failure
    this.#failure = undefined
    runNft(this.#commands)
  }
}

function isListing(value: unknown): value is NftListing {
  return typeof value === 'object' && value !== null && 'nftables' in value && Array.isArray(value.nftables)
}
