import { Fd } from '../../fd.ts'
import { withoutSignals } from '../../signal-mask.ts'
import { errnoNumber, SystemError } from '../../system-error.ts'
import { openNetfilterSocket, withContextSocket } from './context-socket.ts'
import { loadNftLibrary } from './library.ts'
import type { NftLibrary } from './library.ts'
import { nftErrno } from './nft-error.ts'
import { settleNftCommands } from './run-commands.ts'

/** include/nftables/libnftables.h */
const NFT_CTX_DEFAULT = 0
const OUTPUT_DEFAULT = 0
const OUTPUT_JSON = 1 << 4
const ENOMEM = errnoNumber('ENOMEM')
const ENOSYS = errnoNumber('ENOSYS')
const EPROTO = errnoNumber('EPROTO')

/** What `nft -j list ruleset` prints: a list of objects with one key each (`metainfo`, `table`, `chain`, `rule`, …). */
export interface NftListing {
  readonly nftables: readonly Readonly<Record<string, unknown>>[]
}

/** What a machine has of nf_tables. */
export interface NftSupport {
  /** libnftables.so.1 is installed: text can be read and written, see {@link runNft}. */
  readonly library: boolean
  /** The kernel has the socket that nf_tables is spoken to through. */
  readonly kernel: boolean
}

/** What this machine has of nf_tables; needs no privilege. */
export function nftSupport(): NftSupport {
  const socket = openNetfilterSocket()
  if (socket >= 0) Fd.adopt(socket).close()
  return { library: loadNftLibrary().kind === 'loaded', kernel: socket >= 0 }
}

/** Whether {@link runNft} can work here. */
export function nftAvailable(): boolean {
  const { library, kernel } = nftSupport()
  return library && kernel
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
  settleNftCommands()
  // libnftables answers EINTR also when a signal came after the transaction, while it waited for the kernel's words.
  return withoutSignals(() => runOnce(library, commands, flags))
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

function isListing(value: unknown): value is NftListing {
  return typeof value === 'object' && value !== null && 'nftables' in value && Array.isArray(value.nftables)
}
